import json
from pathlib import Path

import pytest

from modelfoundry.cards import DatasetCard
from modelfoundry.data.groups import (
    class_groups,
    read_group_file,
    save_groups,
    with_added_groups,
)
from modelfoundry.errors import InvalidInputError, UnreadableFileError
from modelfoundry.settings import Home

PETS = DatasetCard(
    name="pets",
    title="Pets",
    classes=("ant", "bee", "cat", "dog"),
    input_shape=(3, 8, 8),
    groups=class_groups({"insects": ("ant", "bee")}),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def file_of(folder: Path, text: str) -> Path:
    file = folder / "groups.json"
    file.write_text(text)
    return file


def names(home: Home, dataset: DatasetCard = PETS) -> list[str]:
    return [group.name for group in with_added_groups(home, dataset).groups]


def test_a_file_gives_classes_by_name(tmp_path: Path):
    file = file_of(tmp_path, '{"furry": ["cat", "dog"]}')

    assert read_group_file(file) == {"furry": ["cat", "dog"]}


def test_a_file_that_is_no_json_is_answered_with_an_example(tmp_path: Path):
    with pytest.raises(UnreadableFileError, match=r"not JSON .*write groups as {"):
        read_group_file(file_of(tmp_path, "furry: cat, dog"))


def test_added_groups_come_after_the_data_sets_own(home: Home):
    save_groups(home, PETS, {"furry": ("cat", "dog")})

    assert names(home) == ["insects", "furry"]


def test_what_was_added_before_is_replaced(home: Home):
    save_groups(home, PETS, {"furry": ("cat", "dog")})
    save_groups(home, PETS, {"tame": ("bee", "dog")})
    assert names(home) == ["insects", "tame"]

    save_groups(home, PETS, {})
    assert names(home) == ["insects"]


def test_every_fault_of_every_group_is_listed_and_nothing_is_kept(home: Home):
    with pytest.raises(InvalidInputError) as refused:
        save_groups(
            home,
            PETS,
            {
                "none": (),
                "one": ("cat",),
                "twice": ("cat", "dog", "cat"),
                "strange": ("cat", "dgo"),
                "insects": ("cat", "dog"),
                "good": ("cat", "dog"),
                "living": ("ant", "bee", "cat", "dog"),
                "all": ("bee", "cat"),
                "a/b": (),
            },
        )

    message_by_pointer = {fault.pointer: fault.message for fault in refused.value.faults}
    assert message_by_pointer == {
        "/groups/none": "group 'none' is empty; name two or more classes",
        "/groups/one": "group 'one' has only the class 'cat'; name two or more, or take that "
        "class as the target",
        "/groups/twice": "group 'twice' names 'cat' 2 times; once is enough",
        "/groups/strange": "group 'strange': no class of pets named 'dgo'; known: ant, bee, cat, "
        "dog",
        "/groups/insects": "pets has a group 'insects' of its own; choose another name",
        "/groups/living": "group 'living' has all 4 classes of pets, so that nothing would be cut "
        "off; leave one out or more",
        "/groups/all": "'all' stands for every group; choose another name",
        "/groups/a~1b": "group 'a/b' is empty; name two or more classes",
    }
    assert names(home) == ["insects"]


def test_an_unknown_class_of_a_large_data_set_is_answered_with_the_nearest(home: Home):
    many = PETS.model_copy(update={"classes": tuple(f"class number {n}" for n in range(500))})

    with pytest.raises(InvalidInputError, match=r"nearest of 500 known: class number 312"):
        save_groups(home, many, {"some": ("class number 1", "class numbr 312")})


def test_groups_whose_classes_have_gone_are_left_out(home: Home):
    save_groups(home, PETS, {"furry": ("cat", "dog"), "tame": ("bee", "dog")})

    without_cats = PETS.model_copy(update={"classes": ("ant", "bee", "dog")})

    assert names(home, without_cats) == ["insects", "tame"]


def test_a_damaged_file_of_groups_is_skipped(home: Home):
    save_groups(home, PETS, {"furry": ("cat", "dog")})
    (home.groups / "pets.json").write_text(json.dumps({"furry": "cat"}))

    assert names(home) == ["insects"]
