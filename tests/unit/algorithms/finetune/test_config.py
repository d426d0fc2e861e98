import pytest
from pydantic import ValidationError

from modelfoundry.algorithms.finetune.config import FinetuneSettings, presets
from modelfoundry.data.digits import CARD as DIGITS
from modelfoundry.data.known import KNOWN


def test_the_published_preset_has_the_rates_of_the_paper():
    config = {preset.name: preset.config for preset in presets(KNOWN["cifar10"])}["published"]

    assert (config.lr_first, config.lr_mask, config.lr_head) == (0.1, 0.05, 0.001)
    assert (config.lr_hidden, config.lr_output, config.lr_scratch) == (0.005, 0.05, 0.1)
    assert (config.momentum, config.momentum_scratch, config.weight_decay) == (0.0, 0.5, 1e-4)
    assert (config.alpha, config.prune_threshold, config.patience) == (0.5, 0.6, 30)
    assert (config.regrow, config.exact, config.schedule) == (True, False, "constant")


@pytest.mark.parametrize("number", [0, 1], ids=["fast", "published"])
def test_images_are_mirrored_only_where_that_means_the_same(number: int):
    assert presets(KNOWN["cifar10"])[number].config.flip
    assert not presets(DIGITS)[number].config.flip


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.5])
def test_a_share_to_remove_that_leaves_nothing_or_everything_is_refused(threshold: float):
    with pytest.raises(ValidationError, match="prune_threshold"):
        FinetuneSettings(prune_threshold=threshold)
