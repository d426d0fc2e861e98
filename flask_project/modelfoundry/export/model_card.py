"""The README of a bundle, in the form that model hubs read."""

import json
from collections.abc import Mapping
from string import Template
from typing import Any

from modelfoundry.evaluation.recovery import is_taught
from modelfoundry.evaluation.report import Row, int8_rows, rows
from modelfoundry.export.model_card_texts import (
    CARD,
    CUT_OUT,
    FINE_TUNED,
    INHERITED,
    INT8,
    MASKED,
    PUT_TOGETHER,
    SEEN,
    START,
    TAUGHT,
    TRAINED,
)

# Those of the hub's licences that public weights have.
HUB_LICENSES = (
    "unknown",
    "mit",
    "apache-2.0",
    "bsd",
    "bsd-2-clause",
    "bsd-3-clause",
    "bsd-3-clause-clear",
    "cc0-1.0",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0",
    "gpl-3.0",
    "lgpl-3.0",
    "agpl-3.0",
    "mpl-2.0",
    "openrail",
    "unlicense",
)


def model_card(manifest: Mapping[str, Any]) -> str:
    """Write the README of a bundle from its manifest."""
    model, dataset = manifest["model"], manifest["dataset"]
    agreement, setup = manifest["agreement"], manifest["latency_setup"]
    return CARD.substitute(
        # JSON strings and lists are YAML too, whatever characters a name has.
        license=_license(model["license"]),
        tags=json.dumps(["modelfoundry", manifest["algorithm"], "onnx", "safetensors"]),
        base_model=json.dumps(_base_models(manifest)),
        datasets=json.dumps([dataset["name"]]),
        id=json.dumps(manifest["id"]),
        quoted_dataset_title=json.dumps(dataset["title"]),
        dataset=json.dumps(dataset["name"]),
        accuracy=round(manifest["measures"]["module"]["accuracy_test"], 6),
        heading=_heading(manifest),
        introduction=_introduction(manifest),
        original=_label_of_original(manifest),
        making=_making(manifest),
        chosen="modules were" if manifest["parents"] else "epoch was",
        model_title=model["title"],
        reference="masked network" if _is_masked(manifest) else "network in PyTorch",
        shape=", ".join(str(size) for size in manifest["input"]["shape"][1:]),
        outputs=", ".join(f"`{output}`" for output in manifest["target"]["outputs"]),
        example=manifest["load"]["onnx"],
        table=_table(rows(manifest), ("original", "module")),
        int8=_int8_section(manifest),
        seen=SEEN if manifest["validation"]["seen_by_original"] else "",
        device=setup["device"],
        threads=setup["threads"],
        engine=setup["engine"],
        images=agreement["images"],
        difference=f"{max(agreement['max_abs_difference'].values()):.2g}",
        architecture=model["architecture"],
        weights_sha256=model["weights_sha256"],
        origin=model["origin"],
        dataset_title=dataset["title"],
        content_sha256=dataset["content_sha256"],
        **dataset["images"],
        made_with=manifest["made_with"],
        created_at=manifest["created_at"],
        reproduce=manifest["reproduce"],
    )


def _license(name: str) -> str:
    """Name a licence as the hub knows it; one that it does not know has a name of its own."""
    if name.lower() in HUB_LICENSES:
        return f"license: {name.lower()}"
    return f"license: other\nlicense_name: {json.dumps(name)}"


def _base_models(manifest: Mapping[str, Any]) -> list[str]:
    """Name the networks whose weights are in the module."""
    parts = dict.fromkeys(parent["module"] for parent in manifest["parents"])
    return [*parts] if _is_composed(manifest) else [manifest["model"]["name"], *parts]


def _label_of_original(manifest: Mapping[str, Any]) -> str:
    if manifest["finetuning"]:
        return "Pre-trained network"
    return "Compared with" if manifest["parents"] else "Original"


def _heading(manifest: Mapping[str, Any]) -> str:
    if manifest["parents"]:
        return str(manifest["title"])
    return f"{manifest['title']}: a module of {manifest['model']['title']}"


def _introduction(manifest: Mapping[str, Any]) -> str:
    question = _question(manifest["target"])
    model_title, search, parents = (
        manifest["model"]["title"],
        manifest["search"],
        manifest["parents"],
    )
    if manifest["finetuning"]:
        return _fine_tuned(manifest, question)
    if not parents:
        return CUT_OUT.substitute(
            model_title=model_title,
            question=question,
            algorithm=manifest["algorithm"],
            masked=MASKED[search["granularity"]],
            trained=TRAINED[search["recover"]] + (TAUGHT if is_taught(manifest) else ""),
        )
    lines = [
        f"| {parent['class']} | {parent['module']} | `{parent['weights_sha256']}` |"
        for parent in parents
    ]
    return PUT_TOGETHER.substitute(
        what=_contents(manifest),
        question=question,
        model_title=model_title,
        parents="\n".join(lines),
    )


def _fine_tuned(manifest: Mapping[str, Any], question: str) -> str:
    facts, title = manifest["finetuning"], manifest["model"]["title"]
    resized = facts["resized_from"]
    side = "x".join(str(size) for size in manifest["input"]["shape"][2:])
    return FINE_TUNED.substitute(
        model_title=title,
        dataset_title=manifest["dataset"]["title"],
        question=question,
        start=Template(START[facts["how"]]).safe_substitute(kept=f"{facts['retained_ratio']:.1%}"),
        compared_with=facts["compared_with"],
        resized=f" Images were scaled to {side} first: do the same." if resized else "",
        inherited=_inherited(facts["inherited"], title),
    )


def _inherited(found: Mapping[str, Any] | None, model_title: str) -> str:
    if found is None or found["rate"] is None:
        return ""
    settings = found["settings"]
    return INHERITED.substitute(
        model_title=model_title,
        changed=found["changed"],
        attacked=found["attacked"],
        rate=f"{found['rate']:.1%}",
        steps=settings["steps"],
        step_size=settings["step_size"],
        budget=settings["budget"],
    )


def _contents(manifest: Mapping[str, Any]) -> str:
    if not _is_composed(manifest):
        return "The whole original, in which one class is answered for by the module below."
    return f"{len({parent['module'] for parent in manifest['parents']})} modules behind one input."


def _making(manifest: Mapping[str, Any]) -> str:
    search = manifest["search"]
    where = f"in {round(search['wall_s'])} s on {search['device']}"
    if manifest["parents"]:
        return f"Choice of modules | {where}, rule {manifest['recipe']['preset']}"
    name = "Fine-tuning" if manifest["finetuning"] else "Search"
    return (
        f"{name} | {search['epochs']} epochs {where}, epoch {search['chosen_epoch']} chosen, "
        f"seed {manifest['seed']}"
    )


def _is_composed(manifest: Mapping[str, Any]) -> bool:
    return len(manifest["parents"]) == len(manifest["target"]["outputs"])


def _is_masked(manifest: Mapping[str, Any]) -> bool:
    return not manifest["parents"] and manifest["search"]["recover"] == "none"


def _question(target: Mapping[str, Any]) -> str:
    if target["kind"] == "binary":
        return f"is it {target['group'] or target['classes'][0]}?"
    return f"which of these is it: {', '.join(target['classes'])}?"


def _int8_section(manifest: Mapping[str, Any]) -> str:
    if manifest["int8"] is None:
        return ""
    return INT8.substitute(
        images=manifest["int8"]["calibration_images"],
        table=_table(int8_rows(manifest), ("float", "int8")),
    )


def _table(table: list[Row], columns: tuple[str, str]) -> str:
    """Lay rows out in Markdown."""
    lines = [f"| | {columns[0]} | {columns[1]} | change |", "|---|---:|---:|---:|"]
    lines += [f"| {row.label} | {row.original} | {row.module} | {row.change} |" for row in table]
    return "\n".join(lines)
