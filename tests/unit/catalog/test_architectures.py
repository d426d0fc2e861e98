import subprocess
import sys

import pytest

from modelfoundry.catalog.architectures import (
    ARCHITECTURES,
    find_architecture,
    search_architectures,
)
from modelfoundry.errors import UnknownNameError


def test_architecture_is_found_by_the_name_on_its_card():
    assert find_architecture("resnet20-b").name == "resnet20-b"


def test_network_of_a_library_is_found_by_the_library_and_its_name():
    card = find_architecture("timm/mixer_b16_224")

    assert (card.name, card.family) == ("timm/mixer_b16_224", "mlp_mixer")
    assert card.input_shape == (3, 224, 224)


def test_unknown_architecture_is_answered_with_those_most_like_it():
    with pytest.raises(UnknownNameError, match=r"named .resnet21.; nearest of .*resnet20"):
        find_architecture("resnet21")


def test_a_width_after_the_name_narrows_a_network_that_has_widths():
    card = find_architecture("simcnn-w0.25")

    assert (card.name, card.family) == ("simcnn-w0.25", "simcnn")
    assert card.title == "SimCNN of width 0.25"
    assert card.arguments == {"width": 0.25}


def test_one_width_has_one_name_however_it_is_written():
    assert find_architecture("rescnn-w0.50").name == "rescnn-w0.5"
    assert find_architecture("rescnn-w1").name == "rescnn"


@pytest.mark.parametrize("name", ["resnet20-w0.5", "simcnn-w0", "simcnn-w5", "simcnn-wide"])
def test_widths_that_cannot_be_are_no_names(name):
    with pytest.raises(UnknownNameError):
        find_architecture(name)


def test_widths_are_not_listed():
    assert not [card for card in search_architectures("simcnn") if "-w" in card.name]


def test_forgotten_library_is_answered_with_the_full_names():
    with pytest.raises(UnknownNameError, match="known: torchvision/resnet18, timm/resnet18"):
        find_architecture("resnet18")


def test_every_card_is_listed_under_its_own_name():
    assert [card.name for card in ARCHITECTURES.values()] == list(ARCHITECTURES)


def test_search_finds_architectures_with_every_word_in_name_or_family():
    found = [card.name for card in search_architectures("torchvision transformer b_16")]

    assert found == ["torchvision/vit_b_16"]


def test_search_without_words_lists_ours_first_and_then_both_libraries():
    names = [card.name for card in search_architectures()]

    assert names[: len(ARCHITECTURES)] == list(ARCHITECTURES)
    assert {name.partition("/")[0] for name in names[len(ARCHITECTURES) :]} == {
        "torchvision",
        "timm",
    }


def test_names_are_known_without_loading_the_libraries():
    script = (
        "import sys; from modelfoundry.catalog.architectures import find_architecture as find;"
        "find('timm/resnet50'); sys.exit(bool({'torch', 'torchvision', 'timm'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
