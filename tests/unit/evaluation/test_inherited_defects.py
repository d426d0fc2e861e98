"""The defect inheritance rate."""

import base64
import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tests.unit.evaluation.attacked import MEAN, STD, plain_attack, small_network, some_images
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.evaluation.inherited_defects import measure_inheritance
from modelfoundry.evaluation.robustness_report import InheritanceReport
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

CPU = torch.device("cpu")


class Constant(nn.Module):
    """Answers the same whatever it sees."""

    def __init__(self, answer: int) -> None:
        super().__init__()
        self.register_buffer("logits", torch.eye(3)[answer])

    def forward(self, images: Tensor) -> Tensor:
        return self.get_buffer("logits").expand(len(images), 3)


def measure(
    pretrained: nn.Module, finetuned: nn.Module, shown: ImageSet | None = None, **settings: Any
) -> InheritanceReport:
    return measure_inheritance(
        pretrained,
        finetuned,
        shown or some_images(),
        settings=AttackSettings.model_validate({"precision": "float32"} | settings),
        device=CPU,
        reporter=SilentReporter(),
    )


def as_labels(network: nn.Module, images: ImageSet) -> ImageSet:
    """Label images as a network answers them, so that it is right about all."""
    answers = predict(network, DeviceImages(images, device=CPU)).argmax(dim=1)
    return ImageSet(images.images, answers.numpy())


def test_answers_that_never_change_inherit_nothing():
    # Labels go 0, 1, 2 in turns, so a third of 12 images is answered rightly.
    report = measure(small_network(), Constant(1))

    assert (report.images, report.attacked, report.changed, report.rate) == (12, 4, 0, 0)
    assert report.clean_accuracy == pytest.approx(1 / 3)


def test_images_that_are_wrong_while_clean_are_not_attacked():
    report = measure(small_network(), Constant(2))

    assert [each.attacked for each in report.per_class] == [0, 0, 4]
    assert [each.images for each in report.per_class] == [4, 4, 4]
    assert [each.rate for each in report.per_class] == [None, None, 0]


def test_there_is_no_rate_where_nothing_was_right():
    images = some_images()

    report = measure(small_network(), Constant(1), ImageSet(images.images, images.labels * 0))

    assert (report.attacked, report.rate, report.examples) == (0, None, ())


def test_the_rate_is_that_of_the_plain_loop_on_a_network_of_other_normalisation():
    pretrained, finetuned = small_network(0), small_network(1)
    finetuned[0] = Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    images = as_labels(finetuned, some_images(40))
    clean = torch.from_numpy(images.images).float() / 255
    start = torch.rand(clean.shape, generator=torch.Generator().manual_seed(0))
    mean, std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)
    attacked = plain_attack(pretrained[1:6], (clean - mean) / std, start) * std + mean
    expected = finetuned(attacked).argmax(dim=1) != torch.from_numpy(images.labels)

    report = measure(pretrained, finetuned, images, batch_size=64, layer="6")

    assert 0 < report.changed < 40
    assert report.changed == int(expected.sum())


def test_a_network_that_is_attacked_itself_changes_more_answers_than_under_a_smaller_budget():
    network = small_network()
    images = as_labels(network, some_images(60))

    large = measure(network, network, images, budget=0.5, step_size=0.05)
    small = measure(network, network, images, budget=0.01)

    assert large.changed > small.changed


def test_the_rate_is_hardly_another_in_bfloat16():
    network = small_network()
    images = as_labels(network, some_images(100))

    exact, rough = (
        measure(network, network, images, budget=0.3, precision=precision)
        for precision in ("float32", "bfloat16")
    )

    assert (exact.precision, rough.precision) == ("float32", "bfloat16")
    assert 10 < exact.changed < 90
    assert abs(exact.changed - rough.changed) <= 3


def test_every_changed_image_is_counted_for_its_class():
    network = small_network()
    images = as_labels(network, some_images(60))

    report = measure(network, network, images, budget=0.5, step_size=0.05)

    assert sum(each.changed for each in report.per_class) == report.changed > 0
    assert sum(each.images for each in report.per_class) == 60


def test_examples_show_the_image_before_and_after_at_its_size():
    network = small_network()
    images = as_labels(network, some_images(60))

    report = measure(network, network, images, budget=0.5, step_size=0.05)

    first = report.examples[0]
    before, after = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(png))))
        for png in (first.clean_png, first.attacked_png)
    )
    assert len(report.examples) <= 8
    assert first.clean_answer == first.label != first.attacked_answer
    assert any(np.array_equal(before, each.transpose(1, 2, 0)) for each in images.images)
    # A budget of 0.5 is at most 0.5 * 0.2616 * 255 = 33.4 of 255 in the widest channel.
    assert 0 < np.abs(before.astype(int) - after).max() <= 34


def test_a_part_of_the_images_can_be_drawn_and_is_the_same_for_the_same_seed():
    network = small_network()

    first, again = (measure(network, network, some_images(40), images=10) for _ in range(2))

    assert first.images == 10
    assert (first.per_class, first.changed) == (again.per_class, again.changed)


def test_an_unknown_layer_of_features_is_answered_with_those_to_choose_from():
    with pytest.raises(UnknownNameError, match="no layer named 'fc'; known: 6, 4, 1"):
        measure(small_network(), Constant(0), layer="fc")


def test_a_clip_range_too_narrow_for_the_images_is_refused():
    with pytest.raises(InvalidInputError, match="would change clean images"):
        measure(small_network(), Constant(0), clip=(-1, 1))


def test_a_report_says_the_settings_and_what_was_decided():
    report = measure(small_network(), Constant(0))

    assert (report.layer, report.precision, report.clip) == ("6", "float32", (-2.2, 2.2))
    assert InheritanceReport.model_validate(report.model_dump(mode="json")) == report
