"""What fine-tuning promises for networks of other kinds than our own, with random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.untrained import untrained

from modelfoundry.algorithms.finetune.config import FinetuneSettings
from modelfoundry.algorithms.finetune.run import FineTuned, finetune
from modelfoundry.algorithms.finetune.step import Task
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.images import ImageSet
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.output_layer import take_output_layer_off
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device_images import DeviceImages

pytestmark = pytest.mark.slow

OLD_CLASSES, NEW_CLASSES = 5, 3
CPU = torch.device("cpu")
# A few steps of Adam at such a rate close half of the masks, and more.
SETTINGS = FinetuneSettings(
    prune_threshold=0.5,
    lr_mask=0.9,
    regrow=False,
    output_epochs=1,
    mask_epochs=10,
    finetune_epochs=1,
    batch_size=4,
    precision="float32",
)


@pytest.fixture(
    params=["timm/test_vit", "torchvision/mobilenet_v3_small", "torchvision/resnet18"],
)
def found(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FineTuned, ImageSet]:
    """A network fine-tuned for an epoch a step, and its images."""
    card = find_architecture(request.param)
    side = card.smallest_side or card.input_shape[-1]
    pixels = np.random.default_rng(0).integers(0, 256, (8, 3, side, side), dtype=np.uint8)
    images = ImageSet(pixels, np.arange(8) % NEW_CLASSES)
    served = DeviceImages(images, device=CPU)
    network = untrained(card, OLD_CLASSES)
    made = finetune(
        take_output_layer_off(network, torch.zeros(1, 3, side, side)),
        Normalize((0.5,) * 3, (0.25,) * 3),
        num_classes=NEW_CLASSES,
        how="seam",
        new_trunk=lambda: network,
        task=Task(
            train=served,
            validation=served,
            settings=SETTINGS,
            seed=0,
            device=CPU,
            checkpoint=tmp_path / "finetune.pt",
            reporter=SilentReporter(),
        ),
    )
    return made, images


def test_it_answers_with_the_new_classes_and_keeps_the_wanted_share_of_weights(
    found: tuple[FineTuned, ImageSet],
):
    made, images = found

    logits = made.network(DeviceImages(images, device=CPU).first(2))

    assert logits.shape == (2, NEW_CLASSES)
    assert torch.isfinite(logits).all()
    assert made.retained_ratio == pytest.approx(0.5, abs=1e-3)
    # Biases are zero from the start and count as lost where their mask is open.
    assert float(made.is_nonzero.double().mean()) == pytest.approx(0.5, abs=1e-2)
