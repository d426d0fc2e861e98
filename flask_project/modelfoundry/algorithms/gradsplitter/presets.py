"""Named settings to start a GradSplitter search from; no torch here."""

from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.preset import Preset
from modelfoundry.cards import DatasetCard, ModelCard

# A mask moves by about the rate in a step: a fifth of the epochs at five times the rate lets it go
# as far as published. With few images there are few steps, and a mask has to move by 1 to close.
FAST = {"cycles": 4, "lr_joint": 0.005, "lr_head": 0.01}
FEW_IMAGES = 5000
FEW_IMAGES_FAST = {"joint_epochs": 3, "lr_joint": 0.02, "batch_size": 32}


def presets(
    _model: ModelCard, dataset: DatasetCard | None, _target_kind: str, _num_images: int
) -> list[Preset[GradSplitterConfig]]:
    """List the presets for a model; see :class:`modelfoundry.cards.AlgorithmCard`."""
    return presets_for_images(dataset)


def presets_for_images(dataset: DatasetCard | None) -> list[Preset[GradSplitterConfig]]:
    """List the presets for any model of a data set; the first one is the default.

    Args:
        dataset: What the model was trained on; None if it is not here.
    """
    is_short = dataset is not None and 0 < dataset.num_train < FEW_IMAGES
    fast = GradSplitterConfig.model_validate(FAST | (FEW_IMAGES_FAST if is_short else {}))
    return [
        Preset(
            name="fast",
            title="Fast",
            description="Higher rates for the masks and a fifth of the published epochs.",
            config=fast,
        ),
        Preset(
            name="published",
            title="Published",
            description="The schedule of the GradSplitter paper: 145 epochs.",
            config=GradSplitterConfig(),
        ),
    ]
