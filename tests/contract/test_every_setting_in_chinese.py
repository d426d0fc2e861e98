"""What the Chinese pages of the web client say of every setting and preset that a form offers."""

import json
from pathlib import Path

import pytest

from modelfoundry.algorithms.finetune.config import FinetuneSettings
from modelfoundry.algorithms.finetune.config import presets as finetune_presets
from modelfoundry.cards import load_entry_point
from modelfoundry.catalog.algorithms import ALGORITHMS, presets_for
from modelfoundry.catalog.datasets import list_datasets
from modelfoundry.catalog.models import list_models
from modelfoundry.settings import Home

ROOT = Path(__file__).parents[2]
WORDS = json.loads((ROOT / "vue_project/src/lib/settingsInChinese.json").read_text("utf-8"))
SHARED = WORDS["shared"]["settings"]

SETTINGS = {
    name: load_entry_point(card.config).model_json_schema()["properties"]
    for name, card in ALGORITHMS.items()
} | {"finetune": FinetuneSettings.model_json_schema()["properties"]}

every_offer = pytest.mark.parametrize("name", SETTINGS)


@every_offer
def test_every_setting_has_a_title_and_a_description(name):
    words = SHARED | WORDS[name]["settings"]

    unsaid = [
        setting
        for setting in SETTINGS[name]
        if not {"title", "description"} <= words.get(setting, {}).keys()
    ]
    assert not unsaid


@every_offer
def test_every_value_that_can_be_chosen_has_words(name):
    words = SHARED | WORDS[name]["settings"]

    offered = {setting: schema.get("enum", []) for setting, schema in SETTINGS[name].items()}
    said = {setting: list(words[setting].get("choices", {})) for setting in offered}
    assert said == offered


@every_offer
def test_no_words_are_left_of_a_setting_that_is_gone(name):
    assert WORDS[name]["settings"].keys() <= SETTINGS[name].keys()


def test_settings_that_are_named_for_all_algorithms_are_those_of_several():
    used = [name for settings in SETTINGS.values() for name in settings]

    assert [name for name in SHARED if used.count(name) < 2] == []


@pytest.mark.parametrize("card", ALGORITHMS.values(), ids=lambda card: card.name)
def test_every_algorithm_and_each_of_its_presets_has_words(card, tmp_path):
    home = Home(tmp_path)
    presets = [
        preset.name
        for kind in card.target_kinds
        for preset in presets_for(home, card, list_models(home)[0], kind)
    ]

    assert WORDS[card.name]["summary"]
    assert WORDS[card.name]["presets"].keys() == set(presets)


def test_every_preset_of_fine_tuning_has_words(tmp_path):
    presets = [preset.name for preset in finetune_presets(list_datasets(Home(tmp_path))[0])]

    assert list(WORDS["finetune"]["presets"]) == presets
