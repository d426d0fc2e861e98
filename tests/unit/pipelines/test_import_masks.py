import hashlib
import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.pipelines.import_masks import import_masks
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.settings import Home
from modelfoundry.zoo.weights import load_weights

PLAN = ModularizePlan(
    model="cnn-digits",
    dataset="digits",
    target=PlannedTarget(kind="binary", classes=("3",)),
    algorithm="seam",
    preset="published",
    settings={},
)
# "Is it a 3?": logit 3 above the threshold says yes.
HEAD_WEIGHT = torch.zeros(2, 10).index_fill(1, torch.tensor([3]), 1.0) * torch.tensor([[1.0], [-1]])
HEAD_BIAS = torch.tensor([-4.0, 4.0])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def published_masks(home: Home) -> dict[str, Tensor]:
    """Masks in the published form that drop the first tenth of the first convolution."""
    card = find_model(home, "cnn-digits")
    network = load_weights(
        card, model_folder(home, card.name), find_architecture(card.architecture)
    )
    masks = {f"{s.name}_mask": torch.full(s.shape, 0.3) for s in maskable_segments(network)}
    first = masks["features.0.weight_mask"]
    first.view(-1)[: first.numel() // 10] = -0.1
    return masks | {"module_head.1.weight": HEAD_WEIGHT, "module_head.1.bias": HEAD_BIAS}


def test_published_masks_become_a_module(home: Home, tmp_path: Path):
    file = tmp_path / "model_3.pth"
    masks = published_masks(home)
    torch.save(masks, file)

    manifest = import_masks(file, PLAN, home=home)

    written = json.loads((home.modules / manifest["id"] / "manifest.json").read_text())
    dropped = masks["features.0.weight_mask"].numel() // 10
    module = written["measures"]["module"]
    assert module["weights_total"] - module["weights_kept"] == dropped
    assert module["accuracy_test"] > 0.9
    assert module["head_parameters"] == 22
    assert written["algorithm"] == "seam"
    assert written["recipe"]["preset"] == "imported"
    assert written["recipe"]["settings"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert written["reproduce"] == (
        "modelfoundry modules import model_3.pth --model cnn-digits --kind binary --target 3"
    )


def test_masks_of_another_network_are_refused_with_the_first_names_that_differ(
    home: Home, tmp_path: Path
):
    masks = published_masks(home)
    masks["conv9.weight_mask"] = masks.pop("features.0.weight_mask")
    torch.save(masks, tmp_path / "other.pth")

    with pytest.raises(
        InvalidInputError,
        match=r"missing: features\.0\.weight_mask; unexpected: conv9\.weight_mask",
    ):
        import_masks(tmp_path / "other.pth", PLAN, home=home)


def test_a_head_for_another_number_of_classes_is_refused(home: Home, tmp_path: Path):
    torch.save(
        published_masks(home) | {"module_head.1.weight": torch.zeros(5, 10)}, tmp_path / "five.pth"
    )

    with pytest.raises(
        InvalidInputError, match=r"module_head\.1\.weight is \(5, 10\), not \(2, 10\)"
    ):
        import_masks(tmp_path / "five.pth", PLAN, home=home)
