import pytest

from modelfoundry.cards import ArchitectureCard
from modelfoundry.zoo.list_names import names_of, smallest_side
from modelfoundry.zoo.names import LIBRARIES, library_architectures


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_names_are_those_of_the_library_that_is_installed(library: str):
    listed = [
        card.arguments["name"]
        for name, card in library_architectures().items()
        if name.startswith(f"{library}/")
    ]

    assert listed == names_of(library)


@pytest.mark.parametrize(
    ("works", "smallest"),
    [
        ({32: True, 64: True, 224: True}, 32),
        ({32: False, 64: True, 224: True}, 64),
        ({32: True, 64: False, 96: True, 224: True}, 96),
        ({32: False, 64: False, 224: True}, None),
    ],
    ids=["all", "not the least", "not one in between", "only the greatest"],
)
def test_smallest_side_is_the_one_from_which_on_all_work(works, smallest):
    assert smallest_side(works) == smallest


def card(smallest: int | None) -> ArchitectureCard:
    return ArchitectureCard(
        name="", title="", family="", builder="", input_shape=(3, 64, 64), smallest_side=smallest
    )


def test_a_fixed_network_takes_images_of_its_own_shape_only():
    assert card(None).takes((3, 64, 64))
    assert not card(None).takes((3, 96, 96))


def test_any_other_network_takes_all_that_are_large_enough():
    assert card(32).takes((3, 32, 96))
    assert not card(32).takes((3, 31, 96))
    assert not card(32).takes((1, 32, 32))
