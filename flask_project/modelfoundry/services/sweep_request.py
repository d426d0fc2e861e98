"""A request for many modules at once, and the single requests it stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from modelfoundry.cards import ModelCard
from modelfoundry.pipelines.requests import ModularizeRequest, Target

MAX_MEMBERS = 1000


class SweepRequest(BaseModel):
    """Modularize every combination of models, targets, settings and seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[str, ...] = Field(min_length=1, description="Names of models in the catalogue.")
    targets: Literal["every class"] | Annotated[tuple[Target, ...], Field(min_length=1)] = Field(
        description="`every class`: one binary target for each class that a model knows."
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
                return source + pointer.removeprefix(part)
        return pointer


@dataclass(frozen=True)
class Choice:
    """One value of the grid; ``pointer`` is where it stands in the sweep's request."""

    setting: str
    value: JsonValue
    pointer: str


def members_of(sweep: SweepRequest, models: Sequence[ModelCard | None]) -> Iterator[Member]:
    """List the single requests: by model, then settings, then seed, then target.

    Args:
        sweep: What was asked for.
        models: The card of each model; None for one that does not exist, which has no members.
    """
    axes = [
        [Choice(name, value, f"/grid/{name}/{at}") for at, value in enumerate(values)]
        for name, values in sweep.grid.items()
    ]
    if sweep.seeds:
        axes.append([Choice("seed", seed, f"/seeds/{at}") for at, seed in enumerate(sweep.seeds)])
    for at, model in enumerate(models):
        if model is not None:
            for choices, (target, pointer) in product(product(*axes), _targets(sweep, model)):
                yield Member(
                    ModularizeRequest(
                        model=model.name,
                        target=target,
                        algorithm=sweep.algorithm,
                        preset=sweep.preset,
                        settings=sweep.settings | {c.setting: c.value for c in choices},
                    ),
                    {"/model": f"/models/{at}"}
                    | {f"/settings/{c.setting}": c.pointer for c in choices}
                    | {"/target": pointer},
                )


def count_members(sweep: SweepRequest, models: Sequence[ModelCard | None]) -> int:
    """Tell how many requests ``members_of`` lists, without making them."""
    combinations = max(1, len(sweep.seeds))
    for values in sweep.grid.values():
        combinations *= len(values)
    return sum(combinations * len(_targets(sweep, model)) for model in models if model is not None)


def _targets(sweep: SweepRequest, model: ModelCard) -> list[tuple[Target, str]]:
    if sweep.targets == "every class":
        return [(Target(kind="binary", classes=(name,)), "/targets") for name in model.classes]
    return [(target, f"/targets/{at}") for at, target in enumerate(sweep.targets)]
