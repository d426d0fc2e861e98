"""Do the written files compute what the masked network computes?"""

import copy
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from modelfoundry.errors import ExportError
from modelfoundry.export.manifest import FILE_BY_FORMAT
from modelfoundry.onnx_engine import open_session

# float32 sums in another order differ by about 1e-6 of the largest logit; a wrong graph by 1.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Agreement:
    """How close the files came to the masked network on real images.

    Attributes:
        images: Number of images compared.
        max_abs_difference: Largest difference of any logit, by format.
        labels_equal: Whether every file predicts the same label for every image.
    """

    images: int
    max_abs_difference: dict[str, float]
    labels_equal: bool


def check_agreement(
    folder: Path, *, network: nn.Module, reference: nn.Module, images: Tensor
) -> Agreement:
    """Load every file back from disk and compare it with the masked network.

    Args:
        folder: Holds the three files.
        network: What was written; only its structure is used here.
        reference: The masked network; takes the same images.
        images: float32 ``(N, C, H, W)`` in 0-1.

    Raises:
        ExportError: A file differs by more than 0.1 % of the largest logit.
    """
    with torch.inference_mode():
        expected = reference(images)
        logits_by_format = {
            "onnx": _run_onnx(folder / FILE_BY_FORMAT["onnx"], images),
            "pt2": torch.export.load(folder / FILE_BY_FORMAT["pt2"]).module()(images),
            "safetensors": _reload(folder / FILE_BY_FORMAT["safetensors"], network)(images),
        }
    difference_by_format = {
        name: (logits - expected).abs().max().item() for name, logits in logits_by_format.items()
    }
    limit = TOLERANCE * expected.abs().max().item()
    for name, difference in difference_by_format.items():
        if not difference <= limit:  # also true of NaN
            raise ExportError(
                f"{FILE_BY_FORMAT[name]} does not agree with the masked network: its outputs "
                f"differ by up to {difference:.3g}, the limit is {limit:.3g}; no bundle was made"
            )
    labels = expected.argmax(dim=1)
    return Agreement(
        images=len(images),
        max_abs_difference=difference_by_format,
        labels_equal=all(
            torch.equal(logits.argmax(dim=1), labels) for logits in logits_by_format.values()
        ),
    )


def _run_onnx(path: Path, images: Tensor) -> Tensor:
    """Return the logits ``(N, K)`` that ONNX Runtime computes."""
    session = open_session(path)
    (logits,) = session.run(None, {session.get_inputs()[0].name: images.numpy()})
    return torch.from_numpy(logits)


def _reload(path: Path, network: nn.Module) -> nn.Module:
    """Return a copy of the network whose every tensor comes from the file."""
    fresh = copy.deepcopy(network)
    fresh.load_state_dict(safetensors.torch.load_file(path))
    return fresh
