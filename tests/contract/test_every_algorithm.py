"""What every algorithm of the catalogue promises; its settings are what forms are drawn from."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from modelfoundry.cards import ModelCard, load_entry_point
from modelfoundry.catalog.algorithms import ALGORITHMS, presets_for
from modelfoundry.catalog.models import list_models
from modelfoundry.settings import Home

every_algorithm = pytest.mark.parametrize("card", ALGORITHMS.values(), ids=lambda card: card.name)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def model(home: Home) -> ModelCard:
    return list_models(home)[0]


@every_algorithm
def test_every_setting_has_a_title_a_description_and_a_default(card):
    properties = load_entry_point(card.config).model_json_schema()["properties"]

    incomplete = [
        name
        for name, schema in properties.items()
        if not {"title", "description", "default"} <= schema.keys()
    ]
    assert not incomplete


@every_algorithm
def test_the_settings_tell_how_many_epochs_they_take(card):
    assert load_entry_point(card.config)().total_epochs >= 1


@every_algorithm
def test_every_number_is_bounded_on_both_sides(card):
    properties = load_entry_point(card.config).model_json_schema()["properties"]

    lower, upper = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}
    unbounded = [
        name
        for name, schema in properties.items()
        if schema.get("type") in {"integer", "number"}
        and not (lower & schema.keys() and upper & schema.keys())
    ]
    assert not unbounded


@every_algorithm
def test_a_setting_that_needs_another_one_names_values_that_it_may_take(card):
    properties = load_entry_point(card.config).model_json_schema()["properties"]

    wrong = [
        (name, needed, value)
        for name, schema in properties.items()
        for needed, values in schema.get("only_if", {}).items()
        for value in values
        if value not in properties[needed]["enum"]
    ]
    assert not wrong


@every_algorithm
def test_settings_cannot_be_changed_and_unknown_ones_are_refused(card):
    config = load_entry_point(card.config)

    with pytest.raises(ValidationError, match="frozen"):
        config().seed = 1
    with pytest.raises(ValidationError, match="no_such_setting"):
        config(no_such_setting=1)


@every_algorithm
def test_every_kind_of_target_has_presets_with_different_names(card, home, model):
    for_each_kind = [
        [preset.name for preset in presets_for(home, card, model, kind)]
        for kind in card.target_kinds
    ]

    assert all(names and len(set(names)) == len(names) for names in for_each_kind)


@every_algorithm
def test_settings_and_presets_load_no_torch(card):
    module = card.config.partition(":")[0]
    script = f"import sys, {module}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@every_algorithm
def test_the_search_can_be_called(card):
    assert callable(load_entry_point(card.run))
