import copy
import re
from typing import Any

import yaml  # type: ignore[import-untyped]
from tests.unit.export.conftest import WrittenBundle

from modelfoundry.export.model_card import model_card


def front_matter(card: str) -> dict[str, Any]:
    matter: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return matter


def test_front_matter_says_what_hubs_ask_for(bundle: WrittenBundle):
    matter = front_matter((bundle.folder / "README.md").read_text())
    assert matter["license"] == "mit"
    assert matter["pipeline_tag"] == "image-classification"
    assert matter["base_model"] == "tinynet-pets"
    assert matter["datasets"] == ["pets"]
    (entry,) = matter["model-index"]
    assert entry["name"] == bundle.manifest["id"]
    assert entry["results"][0]["metrics"] == [
        {"type": "accuracy", "name": "Accuracy", "value": 0.9}
    ]


def test_names_with_special_characters_stay_what_they_are(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["dataset"]["title"] = 'pets: "cats" & #dogs'
    matter = front_matter(model_card(manifest))
    assert matter["model-index"][0]["results"][0]["dataset"]["name"] == 'pets: "cats" & #dogs'


def test_the_example_is_the_tested_loading_code(bundle: WrittenBundle):
    card = (bundle.folder / "README.md").read_text()
    assert re.findall(r"```python\n(.*?)```", card, re.DOTALL) == [bundle.manifest["load"]["onnx"]]


def test_the_table_puts_the_original_beside_the_module(bundle: WrittenBundle):
    card = (bundle.folder / "README.md").read_text()
    assert "| Accuracy (test) | 87.50% | 90.00% | +2.50 points |" in card
    assert "| Weights kept | 100 | 12 | 12.0% kept |" in card


def test_it_tells_how_the_module_was_made(bundle: WrittenBundle):
    card = (bundle.folder / "README.md").read_text()
    assert "modelfoundry modularize --model tinynet-pets --target cat" in card
    assert "| Data | Pets, content" in card
    assert "90 to train, 10 to validate, 40 to test" in card


def test_a_composed_module_lists_the_modules_it_is_made_of(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["parents"] = [
        {"module": "a-cat-1", "class": "cat", "weights_sha256": "1" * 64},
        {"module": "b-dog-2", "class": "dog", "weights_sha256": "2" * 64},
    ]
    card = model_card(manifest)
    assert "2 modules behind one input" in card
    assert f"| dog | b-dog-2 | `{'2' * 64}` |" in card
    assert "| Compared with | TinyNet on pets" in card
    assert "searched for" not in card


def test_a_patched_model_says_which_class_a_module_answers_for(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["parents"] = [{"module": "b-dog-2", "class": "dog", "weights_sha256": "2" * 64}]
    card = model_card(manifest)
    assert "The whole original, in which one class is answered for by the module below." in card
