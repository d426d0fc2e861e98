"""What clients of the published tool send: names in camel case, every value a string."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

BlankIsAbsent = BeforeValidator(
    lambda given: None if isinstance(given, str) and not given.strip() else given
)
Text = Annotated[str | None, BlankIsAbsent]
Epochs = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, BlankIsAbsent]
Number = Annotated[float | None, BlankIsAbsent]
Algorithm = Annotated[
    Literal["seam", "gradsplitter"],
    BeforeValidator(lambda given: given.lower() if isinstance(given, str) else given),
]
Kind = Literal["Binary Classification", "Multi-Class Classification", "More Accurate"]
AnyKind = Literal[
    "Binary Classification", "Multi-Class Classification", "More Accurate", "Defect Inheritance"
]


class _Payload(BaseModel):
    """Numbers may be strings and the other way round; blank means absent; the rest is ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, coerce_numbers_to_str=True, str_strip_whitespace=True
    )


class Modularization(_Payload):
    """Which module is wanted, and how it is searched."""

    model_file: str = Field(min_length=1)
    dataset_file: str = Field(min_length=1)
    algorithm: Algorithm
    direct_model_reuse: Annotated[Kind | None, BlankIsAbsent] = None
    target_class: Text = None
    target_superclass_idx: Text = None
    epoch: Epochs = None
    learning_rate: Number = None
    alpha: Number = None


class ModelRun(Modularization):
    """The same; the network may also be fine-tuned, which leaves no part to download."""

    direct_model_reuse: Annotated[AnyKind | None, BlankIsAbsent] = None  # type: ignore[assignment]


class Benchmark(Modularization):
    """The same; what is missing is as in the two published searches that were offered."""

    model_file: str = ""
    dataset_file: str = "cifar10"
    algorithm: Algorithm = "seam"
    target_class: Text = "0"


class Composition(_Payload):
    """What is to be put together of modules that GradSplitter has made."""

    reuse_method: Literal["More Accurate", "For New Task"]
    model_file: Text = None
    dataset_file: str = "cifar10"
    cifarclass: Text = None
    svhnclass: Text = None
    epoch: Epochs = None


class Search(_Payload):
    """Words of a class or superclass; none: all of them."""

    search_class: str = Field(max_length=200)


class Deployment(_Payload):
    """The class of a test image, and the module that it is shown to: if absent, the newest."""

    image: str = Field(min_length=1, max_length=200)
    module: Text = None
