"""The commands we tell people to run exist, with these options."""

import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from modelfoundry.catalog.datasets import list_datasets
from modelfoundry.catalog.models import list_models
from modelfoundry.cli.commands import cli
from modelfoundry.cli.train import read_train_request
from modelfoundry.pipelines.commands import modularize_command, train_command
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home

NOWHERE = Home(Path("/nowhere"))
MODELS = [card for card in list_models(NOWHERE) if card.origin.startswith("modelfoundry ")]
MISSING = [card for card in list_datasets(NOWHERE) if card.num_train == 0]


def parsed(line: str) -> dict[str, Any]:
    """Parse a command line as the program would, without running it."""
    words = shlex.split(line)
    assert words.pop(0) == "modelfoundry"
    command: click.Command = cli
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    return command.make_context(command.name, words).params


def test_a_module_names_a_command_with_every_choice_made():
    plan = ModularizePlan(
        model="cnn-digits",
        dataset="digits",
        target=PlannedTarget(kind="multi-class", classes=("3", "a class, with a comma")),
        algorithm="seam",
        preset="fast",
        settings={"epochs": 3, "augment": False, "schedule": "one-cycle"},
    )

    options = parsed(modularize_command(plan))

    assert options["targets"] == ("3", "a class, with a comma")
    assert options["assignments"] == ("epochs=3", "augment=false", "schedule=one-cycle")
    assert (options["model"], options["kind"]) == ("cnn-digits", "multi-class")


def test_a_module_of_a_group_names_a_command_that_gives_the_same_target():
    target = PlannedTarget(
        kind="multi-class",
        group="even",
        classes=("0", "2", "4", "6", "8"),
        shots=20,
        shots_seed=3,
    )
    plan = ModularizePlan(
        model="cnn-digits",
        dataset="digits",
        target=target,
        algorithm="seam",
        preset="fast",
        settings={},
    )

    options = parsed(modularize_command(plan))

    assert (options["groups"], options["targets"]) == (("even",), ())
    assert (options["shots"], options["target_seed"]) == (20, 3)


def single(line: str) -> dict[str, Any]:
    """Parse the command that trains one model."""
    options = parsed(line)
    assert not any(options.pop(name) for name in ("estimators", "subset_seeds", "dry_run"))
    return options


@pytest.mark.parametrize(
    "choices",
    [
        {"epochs": 7, "flip": True, "keep": "last", "validation_fraction": 0.2, "seed": 3},
        {"published": True, "augment": False, "subset": {"seed": 3, "min_size": 4}},
    ],
    ids=["whole", "subset"],
)
def test_a_trained_model_names_a_command_that_gives_the_same_plan(choices):
    request = {"name": "mine", "architecture": "simcnn-w0.5", "dataset": "digits"} | choices
    plan = check_train(NOWHERE, TrainRequest.model_validate(request)).plan

    again = read_train_request(**single(train_command(plan)))

    assert check_train(NOWHERE, again).plan == plan


@pytest.mark.parametrize("model", MODELS, ids=lambda card: card.name)
def test_the_command_that_made_a_shipped_model_can_be_run(model):
    assert read_train_request(**single(model.origin)).name == model.name


@pytest.mark.parametrize("dataset", MISSING, ids=lambda card: card.name)
def test_the_command_that_gets_a_missing_data_set_can_be_run(dataset, tmp_path: Path):
    line = dataset.how_to_get.replace("FOLDER", str(tmp_path))

    assert parsed(line)["name"] == dataset.name
