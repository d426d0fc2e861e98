"""What a job has found that reuses modules, with types; the writer is ``pipelines.reuse``.

Accuracies and scores are 0-1; *validation* is the selection part of the test images, which chooses
modules, and *test* is the rest, read once at the end.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, RootModel

from modelfoundry.algorithms.finetune.config import How


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
    modules: list[str]
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


class FinetuneStep(_Found):
    """A step of a fine-tuning: the new output layer, the search of the masks, everything.

    Epochs are numbered through over all steps, from 1.
    """

    name: Literal["output", "masks", "finetune"]
    epochs: int
    chosen_epoch: int
    accuracy_validation: float
    wall_s: float


class Inherited(_Found):
    """Defects that came along from the pre-trained model.

    ``rate`` is the share of ``attacked`` images, those answered rightly while clean, whose answer
    the attack on the pre-trained model has ``changed``; null if none was attacked.
    """

    rate: float | None
    attacked: int
    changed: int
    clean_accuracy: float


class LeftOfTrigger(Inherited):
    """What a trigger planted in the pre-trained model still does.

    Success was ``before`` the share of other classes' images that the model answered with the
    planted class; ``accuracy_before`` is its accuracy on the test images that it was trained for.
    """

    before: float
    accuracy_before: float | None


class FinetuneResult(_Found):
    """A model fine-tuned to another data set; here validation images are training images held out.

    ``retained_ratio`` is the share of the pre-trained weights before the output layer that the
    fine-tuning started from. ``inherited`` is of the test images, ``inherited_validation`` chooses
    among thresholds; both are null where no attack was asked for. ``trigger`` is null where none
    was planted.
    """

    method: Literal["finetune"]
    how: How
    model: str
    dataset: str
    num_classes: int
    accuracy_validation: float
    accuracy_test: float
    retained_ratio: float
    prune_threshold: float
    steps: list[FinetuneStep]
    module: str
    inherited: Inherited | None
    inherited_validation: Inherited | None
    trigger: LeftOfTrigger | None = None


ReuseResult: TypeAlias = (
    MoreAccurateResult | NewTaskResult | EveryPairResult | PatchResult | FinetuneResult
)


class AnyReuseResult(RootModel[Annotated[ReuseResult, Field(discriminator="method")]]):
    """What a reuse job has found, told apart by ``method``."""
