import pytest
from pydantic import ValidationError

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.presets import presets
from modelfoundry.cards import DatasetCard, ModelCard


def model(architecture: str, *, dataset: str = "cifar10", num_classes: int = 10) -> ModelCard:
    return ModelCard(
        name="a-model",
        title="A model",
        architecture=architecture,
        dataset=dataset,
        classes=tuple(str(index) for index in range(num_classes)),
        input_shape=(3, 32, 32),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        num_parameters=1,
        weights_sha256="",
        origin="",
    )


def dataset(*, is_mirrorable: bool = True) -> DatasetCard:
    return DatasetCard(
        name="d",
        title="D",
        classes=("a",),
        input_shape=(3, 32, 32),
        num_train=50_000,
        is_mirrorable=is_mirrorable,
    )


@pytest.mark.parametrize(
    ("architecture", "num_classes", "kind", "lr_mask", "alpha"),
    [
        ("vgg16-bn", 10, "binary", 0.01, 1.0),
        ("vgg16-bn", 100, "binary", 0.05, 1.5),
        ("resnet20", 10, "binary", 0.05, 1.0),
        ("resnet20-b", 100, "binary", 0.12, 1.5),
        ("resnet20", 100, "multi-class", 0.10, 2.0),
        ("torchvision/resnet50", 1000, "multi-class", 0.05, 2.0),
        ("timm/mixer_b16_224", 1000, "multi-class", 0.05, 2.0),
        ("torchvision/densenet121", 1000, "multi-class", 0.10, 2.0),
        ("simcnn", 10, "binary", 0.01, 1.0),
        ("rescnn", 10, "binary", 0.01, 1.0),
        ("incecnn", 10, "binary", 0.01, 1.0),
    ],
)
def test_published_preset_has_the_papers_rates(architecture, num_classes, kind, lr_mask, alpha):
    *_, published = presets(model(architecture, num_classes=num_classes), None, kind, 0)

    config = published.config
    assert (config.lr_mask, config.alpha, config.lr_head) == (lr_mask, alpha, 0.1)
    assert (config.epochs, config.batch_size, config.head_only_every) == (300, 64, 5)
    assert config.schedule == "constant"


@pytest.mark.parametrize("num_images", [10_000, 1_000, 280])
def test_the_default_preset_is_fast_and_takes_a_tenth_of_the_published_epochs(num_images):
    fast, *_, published = presets(model("resnet20"), dataset(), "binary", num_images)

    assert fast.name == "fast"
    assert fast.config.epochs * 10 <= published.config.epochs


def test_the_small_preset_cuts_channels_out_and_trains_the_rest():
    (small,) = (p for p in presets(model("resnet20"), None, "binary", 0) if p.name == "small")

    config = small.config
    assert (config.granularity, config.recover) == ("channel", "full")
    assert (config.together, config.residual) == (16, "inner")  # what saves time in an engine


def test_no_other_preset_trains_weights():
    others = [p for p in presets(model("resnet20"), None, "binary", 0) if p.name != "small"]

    assert {preset.config.recover for preset in others} == {"none"}


def test_a_hybrid_search_needs_an_epoch_for_each_half():
    with pytest.raises(ValidationError, match="hybrid needs at least 2 epochs") as caught:
        SeamConfig(epochs=1, granularity="hybrid")

    assert caught.value.errors()[0]["loc"] == ("epochs",)


def test_targets_with_fewer_images_get_smaller_batches():
    many, few, very_few = (
        presets(model("resnet20"), dataset(), "binary", num_images)[0].config
        for num_images in (10_000, 1_000, 280)
    )

    assert very_few.batch_size < few.batch_size < many.batch_size


@pytest.mark.parametrize("is_mirrorable", [True, False])
def test_images_are_mirrored_where_that_keeps_their_meaning(is_mirrorable):
    offered = presets(model("resnet20"), dataset(is_mirrorable=is_mirrorable), "binary", 10_000)

    assert {preset.config.flip for preset in offered} == {is_mirrorable}


def test_every_bound_that_is_broken_is_reported():
    with pytest.raises(ValidationError) as caught:
        SeamConfig(epochs=0, lr_mask=-1, alpha=1000)

    assert {error["loc"] for error in caught.value.errors()} == {
        ("epochs",),
        ("lr_mask",),
        ("alpha",),
    }
