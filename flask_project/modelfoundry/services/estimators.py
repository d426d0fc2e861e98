"""Many trainings at once: networks that differ by the biased subset they learn from."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.pipelines.train_requests import (
    MODEL_NAME,
    Concentration,
    MinSize,
    TrainPlan,
    TrainRequest,
    TrainSettings,
)
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.faults import faults_of
from modelfoundry.services.sweep_request import MAX_MEMBERS
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home

Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class EstimatorsRequest(TrainSettings):
    """Train a network of every architecture on every subset."""

    architectures: tuple[str, ...] = Field(
        min_length=1, description="Such as resnet20, or simcnn-w0.25 for a narrow SimCNN."
    )
    dataset: str
    subset_seeds: tuple[Seed, ...] = Field(
        min_length=1,
        max_length=MAX_MEMBERS,
        description="Each draws a biased subset of the training images, and seeds its training.",
    )
    concentration: Concentration = None
    min_size: MinSize = None
    name: str | None = Field(
        default=None,
        pattern=MODEL_NAME,
        description="What the models' names begin with; the data set if absent. Architecture and "
        "seed follow.",
    )


def check_estimators(home: Home, wanted: EstimatorsRequest) -> list[CheckedPlan[TrainPlan]]:
    """Make the plan of every training: by architecture, then seed.

    Raises:
        InvalidInputError: With all faults of all trainings at once.
    """
    checked: list[CheckedPlan[TrainPlan]] = []
    faults: dict[tuple[str, str], Fault] = {}  # the same one is found in many members
    names: set[str] = set()
    for sources, facts in _members(wanted):
        try:
            request = TrainRequest.model_validate(facts)
            checked.append(check_train(home, request))
            found = []
        except ValidationError as error:
            found = faults_of(error)
        except InvalidInputError as error:
            found = list(error.faults)
        if facts["name"] in names:
            found.append(Fault("/subset/seed", "this asks for the same as another; once is enough"))
        names.add(facts["name"])
        for fault in found:
            pointer = sources.get(fault.pointer, fault.pointer)
            faults[pointer, fault.message] = Fault(pointer, fault.message)
    if faults:
        raise InvalidInputError(faults.values())
    return checked


def estimators_title(wanted: EstimatorsRequest) -> str:
    """Say in one line what a group of trainings is."""
    architectures = ", ".join(wanted.architectures)
    number = len(wanted.subset_seeds)
    return f"{architectures} on {number} subset{'s' * (number > 1)} of {wanted.dataset}"


def _members(wanted: EstimatorsRequest) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """List what each training is asked for, and where in the request each part comes from."""
    settings = wanted.model_dump(include=set(TrainSettings.model_fields))
    for at, architecture in enumerate(wanted.architectures):
        base = f"{wanted.name or wanted.dataset}-{architecture.replace('/', '-')}"
        for number, seed in enumerate(wanted.subset_seeds):
            sources = {
                "/architecture": f"/architectures/{at}",
                "/subset": "/concentration",
                "/subset/concentration": "/concentration",
                "/subset/min_size": "/min_size",
                "/subset/seed": f"/subset_seeds/{number}",
            }
            subset = {
                "seed": seed,
                "concentration": wanted.concentration,
                "min_size": wanted.min_size,
            }
            yield (
                sources,
                settings
                | {
                    "name": f"{base}-s{seed}",
                    "architecture": architecture,
                    "dataset": wanted.dataset,
                    "subset": subset,
                    "seed": seed,
                },
            )
