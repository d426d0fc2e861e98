import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.unit.pipelines.reuse.colours import COLOURS, add_colours, add_untrained_model

from modelfoundry.algorithms.finetune.config import FinetuneSettings, How
from modelfoundry.cards import PlantedTrigger
from modelfoundry.catalog.modules import find_module
from modelfoundry.cli.finetune import finetune as command
from modelfoundry.errors import UnknownNameError
from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.evaluation.robustness_store import list_robustness
from modelfoundry.export.manifest import verify_bundle
from modelfoundry.jobs.manifest import Manifest
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.finetune import run
from modelfoundry.pipelines.reuse.finetuned import finetune_command
from modelfoundry.progress import SilentReporter
from modelfoundry.services.reuse_result import FinetuneResult
from modelfoundry.settings import Home

SETTINGS = FinetuneSettings(
    prune_threshold=0.2,
    lr_mask=0.5,
    output_epochs=1,
    mask_epochs=2,
    finetune_epochs=1,
    batch_size=8,
    validation_fraction=0.2,
    precision="float32",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with a network for the paints that is to learn the colours."""
    home = Home(tmp_path_factory.mktemp("home"))
    add_colours(home)
    backdoor = PlantedTrigger(target_class="scarlet", patch_share=0.25, success=0.75)
    add_untrained_model(home, "painter", dataset="paints", backdoor=backdoor)
    return home


def plan(**facts: Any) -> FinetunePlan:
    blank = {
        "method": "finetune",
        "model": "painter",
        "dataset": "colours",
        "how": "seam",
        "preset": "fast",
        "config": SETTINGS,
        "seed": 0,
        "attack": AttackSettings(steps=2, images=8),
    }
    return FinetunePlan.model_validate(blank | facts)


def run_plan(home: Home, folder: Path, **facts: Any) -> Outcome:
    return run(plan(**facts), home=home, job_folder=folder, reporter=SilentReporter())


@pytest.fixture(scope="module")
def made(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What a job has made."""
    return run_plan(home, tmp_path_factory.mktemp("job"))


@pytest.mark.slow
def test_a_fine_tuned_network_is_a_module_for_all_classes_of_the_new_data(
    home: Home, made: Outcome
):
    result = FinetuneResult.model_validate(made.summary)
    manifest = Manifest.model_validate(verify_bundle(home.modules / made.modules[0]))
    assert manifest.target.outputs == COLOURS
    assert (manifest.model.name, manifest.dataset.name) == ("painter", "colours")
    assert manifest.dataset.images == {"train": 24, "validation": 6, "test": 30}
    assert manifest.measures.module.accuracy_test == result.accuracy_test
    assert manifest.finetuning is not None
    assert manifest.finetuning.retained_ratio == result.retained_ratio <= 0.8
    assert [step.name for step in manifest.finetuning.steps] == ["output", "masks", "finetune"]


@pytest.mark.slow
def test_what_it_has_inherited_is_in_result_manifest_and_report(home: Home, made: Outcome):
    result = FinetuneResult.model_validate(made.summary)
    manifest = Manifest.model_validate(find_module(home, made.modules[0]))
    kept = {each.report.attack: each for each in list_robustness(home, made.modules[0])}
    assert manifest.finetuning is not None
    assert manifest.finetuning.inherited is not None
    assert result.inherited is not None
    assert manifest.finetuning.inherited.changed == result.inherited.changed
    assert kept["inherited"].report.model_dump()["changed"] == result.inherited.changed
    assert result.inherited_validation is not None


@pytest.mark.slow
def test_what_is_left_of_a_backdoor_is_found_too(home: Home, made: Outcome):
    kept = {each.report.attack: each for each in list_robustness(home, made.modules[0])}

    report = kept["trigger"].report.model_dump()
    result = FinetuneResult.model_validate(made.summary)
    assert (report["planted_class"], report["patch_share"]) == ("scarlet", 0.25)
    assert report["images"] == 8
    assert result.trigger is not None
    assert (result.trigger.changed, result.trigger.before) == (report["changed"], 0.75)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["standard", "scratch"])
def test_every_other_way_tells_what_is_left_of_a_backdoor(home: Home, tmp_path: Path, how: How):
    made = run_plan(home, tmp_path, how=how, attack=AttackSettings(steps=1, images=8))

    result = FinetuneResult.model_validate(made.summary)
    assert result.trigger is not None
    assert result.trigger.before == 0.75
    assert result.trigger.attacked == round(result.trigger.clean_accuracy * 8)


@pytest.mark.slow
def test_a_sparse_module_counts_the_weights_that_are_left(home: Home, tmp_path: Path):
    sparse = SETTINGS.model_copy(update={"regrow": False})

    made = run_plan(home, tmp_path, config=sparse, attack=None)

    measures = find_module(home, made.modules[0])["measures"]
    assert measures["module"]["retained_ratio"] == made.summary["retained_ratio"]
    assert measures["original"]["retained_ratio"] == 1
    assert measures["module"]["head_parameters"] == 64 * 3 + 3
    assert made.summary["inherited"] is None


def test_an_attack_that_cannot_be_made_is_refused_before_any_training(home: Home, tmp_path: Path):
    attack = AttackSettings(layer="fc9")

    with pytest.raises(UnknownNameError, match="no layer named 'fc9'; known: "):
        run_plan(home, tmp_path, attack=attack)

    assert not any(tmp_path.iterdir())  # no checkpoint


def test_the_command_in_the_manifest_asks_for_the_same():
    attack = AttackSettings(steps=2, images=8, clip=(-3.0, 3.0))
    wanted = plan(attack=attack, config=SETTINGS.model_copy(update={"regrow": False}), seed=3)

    words = shlex.split(finetune_command(wanted))

    given = command.make_context("finetune", words[2:]).params
    assert (given["seed"], given["how"], given["preset"]) == (3, "seam", "fast")
    assert "regrow=false" in given["assignments"]
    assert given["attack"] == ("steps=2", "clip=[-3.0, 3.0]", "images=8")
