"""The README of a bundle, in the form that model hubs read."""

import json
from collections.abc import Mapping
from string import Template
from typing import Any

from modelfoundry.evaluation.report import Row, int8_rows, rows

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

_CARD = Template("""\
---
$license
library_name: onnx
pipeline_tag: image-classification
tags: $tags
base_model: $base_model
datasets: $datasets
model-index:
- name: $id
  results:
  - task:
      type: image-classification
    dataset:
      name: $quoted_dataset_title
      type: $dataset
      split: test
    metrics:
    - type: accuracy
      name: Accuracy
      value: $accuracy
---

# $heading

$introduction

## Use it

`module.onnx` runs with ONNX Runtime alone. Images go in as they are, float32 from 0 to 1 in the
shape (N, $shape); the normalisation is inside the network. Outputs, in order: $outputs.

```python
$example```

ONNX Runtime reports what it loads to its maker unless `ORT_DISABLE_TELEMETRY=1` is set.

`module.pt2` (for `torch.export.load`) and `module.safetensors` (the weights by name) hold the
same network; `manifest.json` has the code that loads them.

## Measures

$table

Weights are counted in the masked layers alone. Test images chose nothing: the $chosen chosen
on the validation images$seen. Latency is the median with $engine on $device, threads: $threads.
Zeros make a network faster only in an engine that skips them; what was cut out is no longer in the
file and makes it faster everywhere.

All files were compared with the $reference on $images test images; the largest difference of
any output was $difference.

$int8## How it was made

| | |
|---|---|
| $original | $model_title ($architecture), weights sha256 `$weights_sha256` |
| Its origin | $origin |
| Data | $dataset_title, content sha256 `$content_sha256` |
| Images | $train to train, $validation to validate, $test to test |
| $making |
| Made with | $made_with, $created_at |

```
$reproduce
```
""")


_CUT_OUT = Template("""\
A module of **$model_title**: the part of that network which answers one question, $question
The method "$algorithm" searched for the $masked this takes. $trained""")

_PUT_TOGETHER = Template("""\
$what Nothing was trained for the question, $question
The column "original" is **$model_title**.

| output | module | weights sha256 |
|---|---|---|
$parents""")

_FINE_TUNED = Template("""\
**$model_title** fine-tuned to $dataset_title, $question $start
The column "original" is $compared_with.$resized$inherited""")

_START = {
    "seam": "A search found the $kept of its weights that this takes; the fine-tuning started from "
    "those alone, so that less of what the network was wrong about comes along.",
    "standard": "The fine-tuning started from all of its weights.",
    "scratch": "Only its architecture was taken: the weights were drawn at random.",
}

_INHERITED = Template("""

Attacking the features of **$model_title** changes the answers to $changed of $attacked test images
that this module answers rightly while they are clean: a defect inheritance rate of $rate ($steps
steps of $step_size within $budget of the normalised pixels). It says nothing of an attack on this
module itself.""")

_SEEN = (
    ", which the original was trained on, so its accuracy there is flattering; only the test "
    "images are new to both"
)


_INT8 = Template("""\
## The int8 file

`module.int8.onnx` holds the same network with 8-bit weights and activations, calibrated on $images
training images. It is smaller and on many processors faster, and it is not the same function: this
is what it reaches. Both files were timed in turns.

$table

""")


_MASKED = {
    "weight": "weights",
    "channel": "channels",
    "hybrid": "channels, and the weights inside them,",
}
_TRAINED = {
    "none": "The weights are the original's; all others are zero or cut out.",
    "norm": "All others are zero or cut out. Normalisation layers and the output layer were then "
    "trained on the target's images; the weights are the original's.",
    "full": "All others are zero or cut out. What was kept was then trained on the target's "
    "images, so the weights are no longer the original's.",
}


def model_card(manifest: Mapping[str, Any]) -> str:
    """Write the README of a bundle from its manifest."""
    model, dataset = manifest["model"], manifest["dataset"]
    agreement, setup = manifest["agreement"], manifest["latency_setup"]
    return _CARD.substitute(
        # JSON strings and lists are YAML too, whatever characters a name has.
        license=_license(model["license"]),
        tags=json.dumps(["modelfoundry", manifest["algorithm"], "onnx", "safetensors"]),
        base_model=json.dumps(model["name"]),
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
        seen=_SEEN if manifest["validation"]["seen_by_original"] else "",
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
        return _CUT_OUT.substitute(
            model_title=model_title,
            question=question,
            algorithm=manifest["algorithm"],
            masked=_MASKED[search["granularity"]],
            trained=_TRAINED[search["recover"]],
        )
    lines = [
        f"| {parent['class']} | {parent['module']} | `{parent['weights_sha256']}` |"
        for parent in parents
    ]
    return _PUT_TOGETHER.substitute(
        what=_contents(manifest),
        question=question,
        model_title=model_title,
        parents="\n".join(lines),
    )


def _fine_tuned(manifest: Mapping[str, Any], question: str) -> str:
    facts, title = manifest["finetuning"], manifest["model"]["title"]
    resized = facts["resized_from"]
    side = "x".join(str(size) for size in manifest["input"]["shape"][2:])
    return _FINE_TUNED.substitute(
        model_title=title,
        dataset_title=manifest["dataset"]["title"],
        question=question,
        start=Template(_START[facts["how"]]).safe_substitute(kept=f"{facts['retained_ratio']:.1%}"),
        compared_with=facts["compared_with"],
        resized=f" Images were scaled to {side} first: do the same." if resized else "",
        inherited=_inherited(facts["inherited"], title),
    )


def _inherited(found: Mapping[str, Any] | None, model_title: str) -> str:
    if found is None or found["rate"] is None:
        return ""
    settings = found["settings"]
    return _INHERITED.substitute(
        model_title=model_title,
        changed=found["changed"],
        attacked=found["attacked"],
        rate=f"{found['rate']:.1%}",
        steps=settings["steps"],
        step_size=settings["step_size"],
        budget=settings["budget"],
    )


def _contents(manifest: Mapping[str, Any]) -> str:
    parents = manifest["parents"]
    if len(parents) < len(manifest["target"]["outputs"]):
        return "The whole original, in which one class is answered for by the module below."
    return f"{len({parent['module'] for parent in parents})} modules behind one input."


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


def _is_masked(manifest: Mapping[str, Any]) -> bool:
    return not manifest["parents"] and manifest["search"]["recover"] == "none"


def _question(target: Mapping[str, Any]) -> str:
    if target["kind"] == "binary":
        return f"is it {target['group'] or target['classes'][0]}?"
    return f"which of these is it: {', '.join(target['classes'])}?"


def _int8_section(manifest: Mapping[str, Any]) -> str:
    if manifest["int8"] is None:
        return ""
    return _INT8.substitute(
        images=manifest["int8"]["calibration_images"],
        table=_table(int8_rows(manifest), ("float", "int8")),
    )


def _table(table: list[Row], columns: tuple[str, str]) -> str:
    """Lay rows out in Markdown."""
    lines = [f"| | {columns[0]} | {columns[1]} | change |", "|---|---:|---:|---:|"]
    lines += [f"| {row.label} | {row.original} | {row.module} | {row.change} |" for row in table]
    return "\n".join(lines)
