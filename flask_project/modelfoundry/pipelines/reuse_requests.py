"""What can be asked of what exists: modules to be put together, a model to be fine-tuned.

As in ``requests``: a request says what a person typed, a plan is the same with nothing left open,
so that the pool of a plan is a list of modules whatever models are made later.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, RootModel

from modelfoundry.pipelines.finetune_requests import FinetunePlan, FinetuneRequest

Rule = Annotated[
    Literal["published", "calibrated", "greedy", "best"],
    Field(
        description="Which module answers for a class: published, the one of the highest F1; "
        "calibrated, the same with comparable scores; greedy, found by trying exchanges; best, "
        "whichever of these is the most accurate on the selection part."
    ),
]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pool(_Data):
    """The binary modules to choose from: those named, and those of the models named."""

    modules: tuple[str, ...] = Field(default=(), description="Ids of binary modules.")
    models: tuple[str, ...] = Field(
        default=(), description="Names of models: all modules that GradSplitter made of them."
    )


class ScratchSettings(_Data):
    """How the network is trained that a composition for a new task is compared with."""

    architecture: str | None = Field(
        default=None,
        description="That of the model most chosen modules were cut from, if absent.",
    )
    epochs: int = Field(default=30, ge=1, le=1000)
    batch_size: int = Field(default=64, ge=1, le=4096)
    learning_rate: float = Field(default=0.1, gt=0, le=10, description="The peak of the schedule.")
    weight_decay: float = Field(default=5e-4, ge=0, le=1)
    seed: int = Field(default=0, ge=0, le=2**31 - 1)


class MoreAccurateRequest(_Data):
    """Put modules of several models of one data set together to beat each of the models."""

    method: Literal["more-accurate"]
    pool: Pool
    rule: Rule = "best"


class NewTaskRequest(_Data):
    """Put modules together that tell classes apart which no model knows together."""

    method: Literal["new-task"]
    outputs: tuple[str, ...] = Field(
        description="Classes in the order of the outputs, each as class@data set: cat@cifar10."
    )
    pool: Pool
    rule: Rule = "best"
    scratch: ScratchSettings = ScratchSettings()


class EveryPairRequest(_Data):
    """Compose each class of one data set with each class of another, from one table of scores."""

    method: Literal["every-pair"]
    datasets: tuple[str, str]
    pool: Pool
    scratch: ScratchSettings | None = Field(
        default=None, description="Train a network for each pair too; without it, none is."
    )


class PatchRequest(_Data):
    """Mend what a weak model says of one class with the best module for that class."""

    method: Literal["patch"]
    model: str = Field(description="Name of the weak model.")
    class_name: str = Field(description="One of the classes it knows.")
    pool: Pool


ComposeRequest: TypeAlias = MoreAccurateRequest | NewTaskRequest | EveryPairRequest | PatchRequest
ReuseRequest: TypeAlias = ComposeRequest | FinetuneRequest


class AnyReuseRequest(RootModel[Annotated[ReuseRequest, Field(discriminator="method")]]):
    """Any of the ways to reuse what exists, told apart by ``method``."""


class TaskOutput(_Data):
    """One output of a composed network: a class of a data set."""

    class_name: str
    dataset: str

    @property
    def name(self) -> str:
        """Write it as it is asked for: ``class@data set``."""
        return f"{self.class_name}@{self.dataset}"


class _Plan(_Data):
    pool: tuple[str, ...] = Field(min_length=1, description="Ids of modules.")


class MoreAccuratePlan(_Plan):
    """A checked request; the outputs are all classes of the data set."""

    method: Literal["more-accurate"]
    dataset: str
    rule: Rule


class NewTaskPlan(_Plan):
    """A checked request."""

    method: Literal["new-task"]
    outputs: tuple[TaskOutput, ...] = Field(min_length=2)
    rule: Rule
    scratch: ScratchSettings


class EveryPairPlan(_Plan):
    """A checked request."""

    method: Literal["every-pair"]
    datasets: tuple[str, str]
    scratch: ScratchSettings | None


class PatchPlan(_Plan):
    """A checked request; the data set is the weak model's."""

    method: Literal["patch"]
    model: str
    dataset: str
    class_name: str


ComposePlan: TypeAlias = MoreAccuratePlan | NewTaskPlan | EveryPairPlan | PatchPlan
ReusePlan: TypeAlias = ComposePlan | FinetunePlan


class AnyReusePlan(RootModel[Annotated[ReusePlan, Field(discriminator="method")]]):
    """Any checked request to reuse what exists, told apart by ``method``."""
