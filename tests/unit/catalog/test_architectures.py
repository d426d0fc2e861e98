import pytest

from modelfoundry.catalog.architectures import ARCHITECTURES, find_architecture
from modelfoundry.errors import UnknownNameError


def test_architecture_is_found_by_the_name_on_its_card():
    assert find_architecture("resnet20-b").name == "resnet20-b"


def test_unknown_architecture_is_answered_with_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"named .resnet21.; known: .*vgg16-bn"):
        find_architecture("resnet21")


def test_every_card_is_listed_under_its_own_name():
    assert [card.name for card in ARCHITECTURES.values()] == list(ARCHITECTURES)
