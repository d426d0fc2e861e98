"""What can be asked about the robustness of a module, as plain data."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from modelfoundry.evaluation.attack_settings import (
    AttackSettings,
    AutoAttackSettings,
    CoverageSettings,
    PgdSettings,
    TriggerSettings,
)

AttackKind = Literal["inherited", "coverage", "trigger", "pgd", "autoattack"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InheritedAttack(_Data):
    """Attack the pre-trained network's features, and ask the module that was made from it."""

    attack: Literal["inherited"]
    settings: AttackSettings = AttackSettings()


class CoverageAttack(_Data):
    """Find inputs that wake neurons of the pre-trained network and mislead it; ask the module."""

    attack: Literal["coverage"]
    settings: CoverageSettings = CoverageSettings()


class PgdAttack(_Data):
    """Attack the module itself by projected gradient descent within an L-infinity distance."""

    attack: Literal["pgd"]
    settings: PgdSettings = PgdSettings()


class AutoAttack(_Data):
    """Attack the module itself in several ways without a rate to tune; an optional extra."""

    attack: Literal["autoattack"]
    settings: AutoAttackSettings = AutoAttackSettings()


class TriggerAttack(_Data):
    """Stamp images with the trigger that was planted in the pre-trained network."""

    attack: Literal["trigger"]
    settings: TriggerSettings = TriggerSettings()


AnyAttack = Annotated[
    InheritedAttack | CoverageAttack | TriggerAttack | PgdAttack | AutoAttack,
    Field(discriminator="attack"),
]


class AnyAttackRequest(RootModel[AnyAttack]):
    """Any attack, told apart by ``attack``."""


class RobustnessRequest(_Data):
    """Attack a module on the test images of the data set that it was made with."""

    module: str = Field(description="Id of a module.")
    attack: AnyAttack


class RobustnessPlan(_Data):
    """A checked request.

    Attributes:
        model: The pre-trained network that the module was made from.
    """

    module: str
    model: str
    dataset: str
    attack: AnyAttack
