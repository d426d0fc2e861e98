"""Write a module to disk as a bundle: three network files, a README and a manifest.

In two steps, because some measures need the files: :func:`stage_bundle` writes and checks the
network files in a hidden folder, :func:`seal` adds what is said of them and gives the folder its
name. Until then no listing sees it, and nothing of it survives an error.
"""

import hashlib
import json
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue
from torch import Tensor, nn

from modelfoundry import __version__
from modelfoundry.export.agreement import Agreement, check_agreement
from modelfoundry.export.draft import BundleFacts, BundleMeasures
from modelfoundry.export.manifest import FILE_BY_FORMAT, FORMAT_VERSION, Manifest
from modelfoundry.export.onnx import INPUT_NAME, OUTPUT_NAME, onnx_bytes
from modelfoundry.export.pt2 import BATCH, pt2_bytes, trace
from modelfoundry.export.sealing import put_in_place
from modelfoundry.export.snippets import load_snippets
from modelfoundry.export.weights_file import safetensors_bytes
from modelfoundry.storage import storage_errors, unfinished_folder, write_durably

MAX_SLUG_LENGTH = 40
COMPOSED = "composed"


@dataclass(frozen=True)
class StagedBundle:
    """Network files that are written and checked, but not yet part of any listing.

    Attributes:
        folder: Where the files are for now.
        modules: Where the bundle will be.
        input_shape: ``(C, H, W)`` of one image.
    """

    folder: Path
    modules: Path
    input_shape: tuple[int, ...]
    agreement: Agreement

    @property
    def onnx_path(self) -> Path:
        """The ONNX file, to be measured before the bundle is sealed."""
        return self.folder / FILE_BY_FORMAT["onnx"]


@contextmanager
def stage_bundle(
    modules: Path, *, network: nn.Module, reference: nn.Module, check_images: Tensor
) -> Iterator[StagedBundle]:
    """Write a network in every format and compare each file with the masked network.

    Args:
        modules: The folder of all bundles.
        network: The finished module on the CPU in eval mode, masks folded, normalisation inside:
            float32 images ``(N, C, H, W)`` in 0-1 to logits ``(N, K)``.
        reference: The masked network, which takes the same images.
        check_images: Real images to compare on.

    Raises:
        ExportError: A file would not compute what ``reference`` computes.
        StorageError: The disk is full or cannot be written; nothing is left of the bundle.
    """
    input_shape = tuple(check_images.shape[1:])
    program = trace(network, input_shape)
    content_by_format = {
        "safetensors": safetensors_bytes(network),
        "pt2": pt2_bytes(program),
        "onnx": onnx_bytes(program),
    }
    with unfinished_folder(modules) as folder:
        with storage_errors(modules):
            for name, content in content_by_format.items():
                write_durably(folder / FILE_BY_FORMAT[name], content)
        agreement = check_agreement(
            folder, network=network, reference=reference, images=check_images
        )
        yield StagedBundle(folder, modules, input_shape, agreement)


def seal(staged: StagedBundle, facts: BundleFacts, measures: BundleMeasures) -> Manifest:
    """Add README and manifest and give the bundle its name, in one step.

    A bundle of the same weights and recipe that is already there is replaced.

    Returns:
        The manifest as written; ``manifest["id"]`` is the bundle's name.

    Raises:
        StorageError: The disk is full or cannot be written; the bundle is not there, or still
            the older one.
    """
    manifest = _describe(staged, facts, measures)
    put_in_place(staged.folder, manifest, staged.modules / manifest["id"])
    return manifest


def _describe(staged: StagedBundle, facts: BundleFacts, measures: BundleMeasures) -> Manifest:
    """Gather everything the manifest says except its list of files."""
    recipe: dict[str, JsonValue] = {"preset": facts.preset, "settings": dict(facts.settings)}
    model_fields = {"name", "title", "architecture", "origin", "license", "weights_sha256"}
    model_fields |= {"num_parameters", "mean", "std", "subset"}
    dataset_fields = {"name", "title", "source", "license", "content_sha256", "input_shape"}
    return {
        "format_version": FORMAT_VERSION,
        "id": _module_id(staged, facts, recipe),
        "title": facts.title,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_with": f"modelfoundry {__version__}",
        "algorithm": facts.algorithm,
        "recipe": recipe,
        "seed": facts.seed,
        "target": {
            "kind": facts.target_kind,
            "classes": list(facts.classes),
            "group": facts.group,
            "shots": facts.shots,
            "shots_seed": facts.shots_seed,
            "outputs": list(facts.outputs),
        },
        "model": facts.model.model_dump(mode="json", include=model_fields),
        "dataset": {
            **facts.dataset.model_dump(mode="json", include=dataset_fields),
            "num_classes": len(facts.dataset.classes),
            "images": dict(facts.image_counts),
        },
        "input": {
            "shape": [BATCH, *staged.input_shape],
            "dtype": "float32",
            "range": [0, 1],
            "name": INPUT_NAME,
        },
        "output": {"shape": [BATCH, len(facts.outputs)], "name": OUTPUT_NAME},
        "original_network": facts.original_network,
        "finetuning": facts.finetuning and dict(facts.finetuning),
        "parents": [parent.as_json() for parent in facts.parents],
        "search": asdict(facts.search),
        "validation": {"seen_by_original": facts.original_saw_validation},
        "measures": {
            "original": measures.original.as_json(),
            "module": measures.module.as_json(),
        },
        "latency_setup": dict(measures.latency_setup),
        "int8": None,
        "layers": [asdict(layer) for layer in measures.layers],
        "agreement": asdict(staged.agreement),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "onnx", "onnxruntime", "numpy")},
            "modelfoundry": __version__,
        },
        "load": load_snippets(outputs=facts.outputs, input_shape=staged.input_shape),
        "reproduce": facts.reproduce,
    }


def _module_id(staged: StagedBundle, facts: BundleFacts, recipe: dict[str, JsonValue]) -> str:
    """Name the bundle after what it was made from and its classes, its weights and recipe."""
    digest = hashlib.sha256((staged.folder / FILE_BY_FORMAT["safetensors"]).read_bytes())
    digest.update(json.dumps([facts.algorithm, facts.seed, recipe], sort_keys=True).encode())
    slug = re.sub(r"[^a-z0-9]+", "-", (facts.group or " ".join(facts.classes)).lower())[
        :MAX_SLUG_LENGTH
    ]
    origin = COMPOSED if facts.is_composed else facts.model.name
    return "-".join(filter(None, (origin, slug.strip("-"), digest.hexdigest()[:8])))
