"""Named settings to start a SeaM search from; no torch here."""

from itertools import takewhile

from modelfoundry.algorithms.preset import Preset
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.cards import DatasetCard, ModelCard

# Published (lr_mask, alpha) by design, number of classes the model knows, and kind of target.
PUBLISHED_RATES: dict[tuple[str, int, str], tuple[float, float]] = {
    ("vgg", 10, "binary"): (0.01, 1.0),
    ("vgg", 100, "binary"): (0.05, 1.5),
    ("resnet", 10, "binary"): (0.05, 1.0),
    ("resnet", 100, "binary"): (0.12, 1.5),
    ("resnet", 100, "multi-class"): (0.10, 2.0),
    ("resnet", 1000, "multi-class"): (0.05, 2.0),
    ("mixer", 1000, "multi-class"): (0.05, 2.0),
    ("densenet", 1000, "multi-class"): (0.10, 2.0),
    ("simcnn", 10, "binary"): (0.01, 1.0),
    ("rescnn", 10, "binary"): (0.01, 1.0),
    ("incecnn", 10, "binary"): (0.01, 1.0),
}
FALLBACK_RATES = (0.05, 1.0)

# Masks need a few thousand steps to close, or half as many at a higher rate. Where an epoch has few
# images batches are smaller for that; a recovery keeps to 16, which its rate was chosen for.
FEW_IMAGES = 5000
FEW_IMAGES_FAST = {"batch_size": 16, "lr_mask": 0.1}
VERY_FEW_IMAGES = 1000
VERY_FEW_IMAGES_FAST = {"batch_size": 4, "lr_mask": 0.07}
VERY_FEW_IMAGES_SMALL = {"batch_size": 16, "epochs": 30}

# A channel is a thousand weights at once: at the rates for weights all channels close together.
# Whole blocks of residual networks and 16 channels at a time are what saves time in an engine; what
# blocks add to keeps all of its channels, without which little of the image would reach the end.
SMALL = {
    "granularity": "channel",
    "residual": "inner",
    "together": 16,
    "charge_by": "macs",
    "recover": "full",
    "goal": 0.3,
    "epochs": 8,
    "lr_mask": 0.02,
    "alpha": 5.0,
    "recover_epochs": 50,
    "lr_recover": 0.05,
    "distillation": 1.0,
    "others": 9,
}


def presets(
    model: ModelCard, dataset: DatasetCard | None, target_kind: str, num_images: int
) -> list[Preset[SeamConfig]]:
    """List the presets for a model and a target; the first one is the default.

    Args:
        model: What modules will be cut from.
        dataset: The model's own; None if it is not here.
        target_kind: ``binary`` or ``multi-class``.
        num_images: Training images of the target, about; 0 if not known.
    """
    flip = dataset is None or dataset.is_mirrorable
    fast, small = SeamConfig(flip=flip), SMALL
    if 0 < num_images < VERY_FEW_IMAGES:
        fast = fast.model_copy(update=VERY_FEW_IMAGES_FAST)
        small = SMALL | VERY_FEW_IMAGES_SMALL
    elif 0 < num_images < FEW_IMAGES:
        fast = fast.model_copy(update=FEW_IMAGES_FAST)
    lr_mask, alpha = PUBLISHED_RATES.get(
        (_design(model), len(model.classes), target_kind), FALLBACK_RATES
    )
    return [
        Preset(
            name="fast",
            title="Fast",
            description="Fewer epochs than published: annealed rates, and half the charge while "
            "the module is less accurate than the original.",
            config=fast,
        ),
        Preset(
            name="small",
            title="Physically small",
            description="Cuts out whole channels and trains what is left: faster in every engine, "
            "but the weights are no longer the original's.",
            config=fast.model_copy(update=small),
        ),
        Preset(
            name="published",
            title="Published",
            description="The schedule of the SeaM paper: 300 epochs at constant rates.",
            config=SeamConfig(
                epochs=300,
                lr_mask=lr_mask,
                lr_head=0.1,
                alpha=alpha,
                easing=0.0,
                schedule="constant",
                head_only_every=5,
                flip=flip,
            ),
        ),
    ]


def _design(model: ModelCard) -> str:
    """Return the name of a network's design: ``densenet`` of ``torchvision/densenet121``."""
    own_name = model.architecture.rpartition("/")[2]
    return "".join(takewhile(str.isalpha, own_name))
