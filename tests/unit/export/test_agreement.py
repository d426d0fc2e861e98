import copy

import pytest
import torch
from tests.unit.export.conftest import WrittenBundle
from torch import Tensor, nn

from modelfoundry.errors import ExportError
from modelfoundry.export.agreement import check_agreement


def shifted(network: nn.Module, shift: float) -> nn.Module:
    """Return a copy that adds the same number to every logit."""
    other = copy.deepcopy(network)
    with torch.no_grad():
        other.get_parameter("head.bias").add_(shift)
    return other


def test_the_largest_difference_is_recorded(
    bundle: WrittenBundle, network: nn.Module, images: Tensor
):
    largest = network(images).abs().max().item()
    reference = shifted(network, 0.0005 * largest)  # half of what is allowed
    found = check_agreement(bundle.folder, network=network, reference=reference, images=images)
    assert found.max_abs_difference == {
        "onnx": pytest.approx(0.0005 * largest, rel=0.05),
        "pt2": pytest.approx(0.0005 * largest, rel=0.05),
        "safetensors": pytest.approx(0.0005 * largest, rel=0.05),
    }


@pytest.mark.parametrize("shift", [0.01, float("nan")], ids=["different", "not-a-number"])
def test_a_difference_over_the_limit_is_refused(
    bundle: WrittenBundle, network: nn.Module, images: Tensor, shift: float
):
    with pytest.raises(ExportError, match=r"module\.onnx does not agree"):
        check_agreement(
            bundle.folder, network=network, reference=shifted(network, shift), images=images
        )


def test_weights_are_taken_from_the_file_and_not_from_the_network(
    bundle: WrittenBundle, network: nn.Module, images: Tensor
):
    found = check_agreement(
        bundle.folder, network=shifted(network, 1.0), reference=network, images=images
    )
    assert found.max_abs_difference["safetensors"] == 0.0
