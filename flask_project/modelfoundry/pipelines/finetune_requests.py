"""What can be asked of fine-tuning, as plain data.

As in ``requests``: a request says what a person typed, a plan is the same with nothing left open.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from modelfoundry.algorithms.finetune.config import FinetuneSettings, How
from modelfoundry.evaluation.attack_settings import AttackSettings

Seed = Annotated[
    int, Field(ge=0, le=2**31 - 1, description="Same seed, data and machine: same module.")
]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FinetuneRequest(_Data):
    """Fine-tune a model to another data set; the result is a module for all of its classes."""

    method: Literal["finetune"]
    model: str = Field(description="Name of the pre-trained model.")
    dataset: str = Field(description="Name of the data set to fine-tune to.")
    how: How = Field(
        default="seam",
        description="seam: search for the weights the new data set needs, and start from those "
        "alone. standard: start from all pre-trained weights. scratch: start from none.",
    )
    preset: str | None = Field(
        default=None, description="Named settings to start from: fast (if absent) or published."
    )
    config: dict[str, JsonValue] = Field(
        default_factory=dict, description="Single settings that differ from the preset."
    )
    seed: Seed = 0
    attack: AttackSettings | None = Field(
        default=None,
        description="Measure the inherited defects by this attack on the pre-trained model; "
        "without it, they are not measured.",
    )


class FinetunePlan(_Data):
    """A checked request with nothing left open."""

    method: Literal["finetune"]
    model: str
    dataset: str
    how: How
    preset: str
    config: FinetuneSettings
    seed: int
    attack: AttackSettings | None
