"""A request for many modules at once, and the single requests it stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, TypeAdapter

from modelfoundry.cards import ModelCard
from modelfoundry.errors import json_pointer
from modelfoundry.pipelines.requests import ExtraExport, ModularizeRequest, Target

MAX_MEMBERS = 1000
EVERY = "/targets"  # points at one word that stands for many targets


EveryTarget = Literal["every class", "every group"]
TargetList = Annotated[tuple[Target, ...], Field(min_length=1)]

_EVERY_TARGET: TypeAdapter[EveryTarget] = TypeAdapter(EveryTarget)
_TARGET_LIST: TypeAdapter[TargetList] = TypeAdapter(TargetList)


def _read_targets(given: object) -> object:
    """Read text as text and all else as a list; of a union pydantic would complain as of either."""
    return (_EVERY_TARGET if isinstance(given, str) else _TARGET_LIST).validate_python(given)


class SweepRequest(BaseModel):
    """Modularize every combination of models, targets, settings and seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[str, ...] = Field(min_length=1, description="Names of models in the catalogue.")
    targets: Annotated[EveryTarget | TargetList, BeforeValidator(_read_targets)] = Field(
        description="`every class`: one binary target for each class that a model knows. "
        "`every group`: one multi-class target for each named group of its data set."
    )
    algorithm: str = Field(default="seam", description="Name of an algorithm in the catalogue.")
    preset: str | None = Field(
        default=None, description="Named settings of the algorithm to start from."
    )
    settings: dict[str, JsonValue] = Field(
        default_factory=dict, description="Settings that differ from the preset in every member."
    )
    grid: dict[str, Annotated[tuple[JsonValue, ...], Field(min_length=1)]] = Field(
        default_factory=dict, description="Settings to try several values of."
    )
    seeds: tuple[int, ...] = Field(
        default=(), description="Values of the setting `seed`; results are averaged over them."
    )
    exports: tuple[ExtraExport, ...] = Field(
        default=(), description="Files to write of every module besides the usual ones."
    )


@dataclass(frozen=True)
class Member:
    """One of the requests that a sweep stands for.

    Attributes:
        sources: Where each part of the request comes from: JSON pointers into the request, and
            what they are in the sweep's.
    """

    request: ModularizeRequest
    sources: dict[str, str]

    def source_of(self, pointer: str) -> str:
        """Translate a pointer into the request to one into the sweep's."""
        for part, source in self.sources.items():
            if pointer == part or pointer.startswith(f"{part}/"):
                return source if source == EVERY else source + pointer.removeprefix(part)
        return pointer


@dataclass(frozen=True)
class Subject:
    """A model to sweep over, with the names of its data set's groups."""

    model: ModelCard
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One value of the grid; ``pointer`` is where it stands in the sweep's request."""

    setting: str
    value: JsonValue
    pointer: str


def members_of(sweep: SweepRequest, subjects: Sequence[Subject]) -> Iterator[Member]:
    """List the single requests: by model, then settings, then seed, then target."""
    axes = [
        [Choice(name, value, json_pointer("grid", name, at)) for at, value in enumerate(values)]
        for name, values in sweep.grid.items()
    ]
    if sweep.seeds:
        axes.append([Choice("seed", seed, f"/seeds/{at}") for at, seed in enumerate(sweep.seeds)])
    for at, subject in enumerate(subjects):
        for choices, (target, pointer) in product(product(*axes), _targets(sweep, subject)):
            yield Member(
                ModularizeRequest(
                    model=subject.model.name,
                    target=target,
                    algorithm=sweep.algorithm,
                    preset=sweep.preset,
                    settings=sweep.settings | {c.setting: c.value for c in choices},
                    exports=sweep.exports,
                ),
                {"/model": f"/models/{at}"}
                | {json_pointer("settings", c.setting): c.pointer for c in choices}
                | {"/target": pointer},
            )


def count_members(sweep: SweepRequest, subjects: Sequence[Subject]) -> int:
    """Tell how many requests ``members_of`` lists, without making them."""
    combinations = max(1, len(sweep.seeds)) * prod(map(len, sweep.grid.values()))
    return sum(combinations * len(_targets(sweep, subject)) for subject in subjects)


def _targets(sweep: SweepRequest, subject: Subject) -> list[tuple[Target, str]]:
    """List the targets of a model, each with the pointer to what asks for it."""
    match sweep.targets:
        case "every class":
            classes = subject.model.classes
            return [(Target(kind="binary", classes=(name,)), EVERY) for name in classes]
        case "every group":
            return [(Target(group=name), EVERY) for name in subject.groups]
        case targets:
            return [(target, f"/targets/{at}") for at, target in enumerate(targets)]
