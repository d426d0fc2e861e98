"""What a job has found that reuses modules, with types; the writer is ``pipelines.reuse``.

Accuracies and scores are 0-1; *validation* is the selection part of the test images, which chooses
modules, and *test* is the rest, read once at the end.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, RootModel


class _Found(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,
    )


class RatedModule(_Found):
    """A module of the pool and its F1 on the selection part; null where that has no value."""

    module: str
    class_name: str = Field(alias="class")
    dataset: str
    model: str
    architecture: str
    f1: float | None
    kernels_kept: int | None


class Option(_Found):
    """One way to choose: a module for each output, and how right they are together."""

    rule: str
    modules: list[str]
    accuracy_validation: float
    accuracy_test: float


class Single(_Found):
    """One of the models that the modules were cut from, by itself."""

    model: str
    accuracy_validation: float
    accuracy_test: float


class Scratch(_Found):
    """A network trained for the task alone."""

    architecture: str
    accuracy_validation: float
    accuracy_test: float
    epochs: int
    wall_s: float


class Pair(_Found):
    """A class of each data set, told apart by two modules, and by a network trained for it."""

    a: str
    b: str
    accuracy_test: float
    scratch_accuracy_test: float | None


class TargetScores(_Found):
    """How a network does on one class, and on the images of all others."""

    precision: float | None
    recall: float | None
    f1: float | None
    accuracy_others: float


class MoreAccurateResult(_Found):
    """The modules chosen of several models, beside the best of the models."""

    method: Literal["more-accurate"]
    classes: list[str]
    pool: list[RatedModule]
    options: list[Option]
    chosen_rule: str
    singles: list[Single]
    best_single: str
    module: str


class NewTaskResult(_Found):
    """The modules chosen for classes that no model knows together."""

    method: Literal["new-task"]
    outputs: list[str]
    pool: list[RatedModule]
    options: list[Option]
    chosen_rule: str
    scratch: Scratch
    module: str


class EveryPairResult(_Found):
    """Every class of one data set with every class of another."""

    method: Literal["every-pair"]
    datasets: list[str]
    pool: list[RatedModule]
    pairs: list[Pair]


class PatchResult(_Found):
    """A weak model before and after a module answers for one of its classes."""

    method: Literal["patch"]
    class_name: str = Field(alias="class")
    model: str
    pool: list[RatedModule]
    chosen: str
    before: TargetScores
    after: TargetScores
    module: str


ReuseResult: TypeAlias = MoreAccurateResult | NewTaskResult | EveryPairResult | PatchResult


class AnyReuseResult(RootModel[Annotated[ReuseResult, Field(discriminator="method")]]):
    """What a reuse job has found, told apart by ``method``."""
