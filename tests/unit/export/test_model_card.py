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
    assert matter["base_model"] == ["tinynet-pets"]
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
    assert front_matter(card)["base_model"] == ["a-cat-1", "b-dog-2"]
    assert "2 modules behind one input" in card
    assert f"| dog | b-dog-2 | `{'2' * 64}` |" in card
    assert "| Compared with | TinyNet on pets" in card
    assert "searched for" not in card


def test_a_patched_model_says_which_class_a_module_answers_for(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["parents"] = [{"module": "b-dog-2", "class": "dog", "weights_sha256": "2" * 64}]
    card = model_card(manifest)
    assert front_matter(card)["base_model"] == ["tinynet-pets", "b-dog-2"]
    assert "The whole original, in which one class is answered for by the module below." in card


def test_a_fine_tuned_module_says_where_it_started_and_what_it_inherited(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["finetuning"] = {
        "how": "seam",
        "prune_threshold": 0.6,
        "retained_ratio": 0.4,
        "resized_from": [3, 4, 4],
        "compared_with": "the same with a new output layer",
        "steps": [],
        "inherited": {
            "rate": 0.25,
            "attacked": 8,
            "changed": 2,
            "clean_accuracy": 0.8,
            "settings": {"steps": 40, "step_size": 0.01, "budget": 0.1},
        },
    }

    card = model_card(manifest)

    assert "**TinyNet on pets** fine-tuned to Pets" in card
    assert "found the 40.0% of its weights" in card
    assert "changes the answers to 2 of 8 test images" in card
    assert "a defect inheritance rate of 25.0% (40\nsteps of 0.01 within 0.1" in card
    assert "Images were scaled to 8x8 first" in card
    assert "| Fine-tuning | " in card


def test_a_module_whose_defects_were_not_measured_says_nothing_of_them(bundle: WrittenBundle):
    manifest = copy.deepcopy(bundle.manifest)
    manifest["finetuning"] = {
        "how": "standard",
        "prune_threshold": None,
        "retained_ratio": 1.0,
        "resized_from": None,
        "compared_with": "the same with a new output layer",
        "steps": [],
        "inherited": None,
    }

    card = model_card(manifest)

    assert "started from all of its weights" in card
    assert "inheritance" not in card
