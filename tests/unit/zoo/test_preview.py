from pathlib import Path

import pytest
import torch
from torch import Tensor

from modelfoundry.cards import ArchitectureCard
from modelfoundry.zoo.preview import preview
from modelfoundry.zoo.sandbox import KeyDifference, PreviewRequest
from modelfoundry.zoo.small_cnn import SmallCnn

SMALL = ArchitectureCard(
    name="cnn-small", title="", family="cnn", builder="modelfoundry.zoo.small_cnn:SmallCnn"
)
RESNET = ArchitectureCard(
    name="resnet20",
    title="",
    family="resnet",
    builder="modelfoundry.zoo.resnet_cifar:resnet20",
)


@pytest.fixture
def state() -> dict[str, Tensor]:
    return SmallCnn(7).state_dict()


def look(folder: Path, state: dict[str, Tensor]):
    torch.save(state, folder / "weights.pt")
    return preview(PreviewRequest(source=folder / "weights.pt", architectures=[RESNET, SMALL]))


def test_weights_that_fit_name_their_architecture_and_number_of_classes(tmp_path: Path, state):
    found = look(tmp_path, state)

    assert (found.architecture, found.num_classes) == ("cnn-small", 7)
    assert (found.num_differences, found.differences) == (0, [])
    assert found.num_tensors == len(state)
    assert found.num_numbers == sum(value.numel() for value in state.values())


def test_weights_that_fit_nothing_name_the_closest_and_what_differs(tmp_path: Path, state):
    first = next(iter(state))
    shape = tuple(state[first].shape)
    changed = {"extra": torch.zeros(2)} | state
    del changed[first]

    found = look(tmp_path, changed)

    assert (found.architecture, found.num_differences) == ("cnn-small", 2)
    assert found.differences == [
        KeyDifference(key=first, found=None, needed=shape),
        KeyDifference(key="extra", found=(2,), needed=None),
    ]


def test_only_the_first_differences_are_listed(tmp_path: Path):
    found = look(tmp_path, {f"layer{number}": torch.zeros(1) for number in range(30)})

    assert found.num_differences > 30
    assert len(found.differences) == 8
