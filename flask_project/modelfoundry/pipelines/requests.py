"""What can be asked of the pipelines, as plain data; validated before a job exists.

A request says what a person typed; a plan is the same with every choice made (preset applied,
kind of target inferred), so that the plan alone is enough to do the work again.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

TargetKind = Literal["binary", "multi-class", "each"]
JobKind = Literal["modularize", "train", "evaluate", "reuse", "robustness", "backdoor"]
ExtraExport = Literal["int8"]

MAX_NAMES_IN_TITLE = 6


def shown_names(names: Sequence[str], *, joint: str = ", ") -> str:
    """Join names for a title; of many only the first, and how many more there are."""
    if len(names) <= MAX_NAMES_IN_TITLE:
        return joint.join(names)
    shown = joint.join(names[: MAX_NAMES_IN_TITLE - 1])
    return f"{shown} and {len(names) - MAX_NAMES_IN_TITLE + 1} more"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RandomClasses(_Data):
    """Classes drawn at random; the same seed draws the same, and a larger count adds to them."""

    count: int
    seed: int = Field(default=0, ge=0, le=2**31 - 1)


class Target(_Data):
    """The problem a module must solve.

    ``binary`` asks "is it this one class?" (output 0: yes, output 1: no); ``multi-class`` asks
    "which of these classes?" (outputs in the order given). The classes are named, or meant by a
    group's name, or drawn at random; one way is enough, and several must mean the same classes.

    ``each`` asks for a binary module of every named class, or of every named group, made together
    from one search; without names, for every class of the model.
    """

    kind: TargetKind | None = Field(
        default=None,
        description="Inferred when absent: what the algorithm solves if that is one kind; else "
        "one class is binary, several are multi-class.",
    )
    classes: tuple[str, ...] = Field(default=(), description="Names of classes the model knows.")
    group: str | None = Field(
        default=None, description="Name of a group of the data set, such as a superclass."
    )
    groups: tuple[str, ...] = Field(
        default=(), description="Names of groups that `each` makes a module of; no other kind does."
    )
    random: RandomClasses | None = None
    shots: int | None = Field(
        default=None,
        description="Training images per output, drawn after validation images are held out; all "
        "when absent.",
    )
    shots_seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Which ones are drawn.")


class PlannedTarget(Target):
    """A target whose kind and classes are decided."""

    kind: TargetKind
    classes: tuple[str, ...] = Field(min_length=1)

    @property
    def title(self) -> str:
        """What a module for this target is called."""
        if self.kind == "each":
            count = len(self.groups or self.classes)
            return f"each of {count} {'groups' if self.groups else 'classes'}"
        if self.group:
            return self.group
        return shown_names(self.classes)


class ModularizeRequest(_Data):
    """Cut the part of a model that solves a target out as a module."""

    model: str = Field(description="Name of a model in the catalogue.")
    target: Target
    algorithm: str = Field(default="seam", description="Name of an algorithm in the catalogue.")
    preset: str | None = Field(
        default=None, description="Named settings of the algorithm to start from."
    )
    settings: dict[str, JsonValue] = Field(
        default_factory=dict, description="Single settings that differ from the preset."
    )
    exports: tuple[ExtraExport, ...] = Field(
        default=(),
        description="Files to write besides the usual ones; int8 is smaller and faster but not the "
        "same function, so its accuracy is measured anew.",
    )


class ModularizePlan(_Data):
    """A checked request with nothing left open: the recipe and what it is applied to."""

    model: str
    dataset: str
    target: PlannedTarget
    algorithm: str
    preset: str
    settings: dict[str, JsonValue]
    exports: tuple[ExtraExport, ...] = ()


class EvaluateRequest(_Data):
    """Measure a model or a module on the test images of a data set that it fits."""

    model: str | None = Field(default=None, description="Name of a model; or else name a module.")
    module: str | None = Field(default=None, description="Id of a module; or else name a model.")
    dataset: str | None = Field(
        default=None,
        description="One with the model's classes or some of them, or with those of the module's "
        "target; the one it was made with if absent.",
    )


class EvaluatePlan(_Data):
    """A checked request: exactly one of ``model`` and ``module``, and the data set."""

    model: str | None
    module: str | None
    dataset: str
