from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.homes import evaluation

from modelfoundry.evaluation.results import (
    delete_evaluations,
    list_evaluations,
    save_evaluation,
)
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def on(dataset: str, **facts: Any):
    given = {"name": dataset, "title": dataset, "content_sha256": "0" * 64}
    return evaluation("toy-3", dataset=given, **facts)


def test_a_damaged_file_is_left_out(home: Home):
    save_evaluation(home, on("digits"))
    save_evaluation(home, on("svhn"))
    (damaged,) = home.root.rglob("svhn.json")
    damaged.write_text("{")

    assert list_evaluations(home, "module", "toy-3") == [on("digits")]


def test_what_is_kept_is_read_back_as_it_was(home: Home):
    save_evaluation(home, on("digits"))

    assert list_evaluations(home, "module", "toy-3") == [on("digits")]


def test_a_module_has_one_evaluation_for_each_data_set_newest_first(home: Home):
    save_evaluation(home, on("digits", evaluated_at=datetime(2026, 1, 2, tzinfo=UTC)))
    save_evaluation(home, on("letters", evaluated_at=datetime(2026, 1, 3, tzinfo=UTC)))
    save_evaluation(home, on("digits", evaluated_at=datetime(2026, 1, 4, tzinfo=UTC)))

    found = list_evaluations(home, "module", "toy-3")

    assert [(each.dataset.name, each.evaluated_at.day) for each in found] == [
        ("digits", 4),
        ("letters", 3),
    ]


def test_a_model_and_a_module_of_the_same_name_are_kept_apart(home: Home):
    save_evaluation(home, on("digits"))

    assert list_evaluations(home, "model", "toy-3") == []


def test_forgetting_leaves_nothing(home: Home):
    save_evaluation(home, on("digits"))

    delete_evaluations(home, "module", "toy-3")

    assert list_evaluations(home, "module", "toy-3") == []


def test_there_may_be_nothing_to_forget(home: Home):
    delete_evaluations(home, "module", "toy-3")
