"""What attacks have found of a network: plain data, no torch."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from modelfoundry.evaluation.attack_settings import (
    AttackSettings,
    AutoAttackSettings,
    CoverageSettings,
    PgdSettings,
    TriggerSettings,
)


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Facts):
    """An image before and after an attack, and what the network under test says of both.

    Attributes:
        clean_png: Base64; of large images every n-th pixel of every n-th row.
        attacked_png: Likewise, cut to what a picture can show.
    """

    label: int
    clean_answer: int
    attacked_answer: int
    clean_png: str
    attacked_png: str


class Changes(_Facts):
    """How many answers an attack has changed.

    Attributes:
        images: That were looked at.
        attacked: Those answered rightly while clean; others are left out.
        changed: Attacked images with another answer.
    """

    images: int
    attacked: int
    changed: int

    @property
    def rate(self) -> float | None:
        """Share of attacked images with another answer, 0-1; None if none was attacked."""
        return self.changed / self.attacked if self.attacked else None


class ChangesReport(_Facts):
    """How many right answers an attack on the pre-trained network has changed.

    Attributes:
        images: That were looked at.
        attacked: Those that count: answered rightly by the network under test while clean.
        changed: Attacked images with another answer.
        rate: Changed of attacked, 0-1; None if none was attacked.
        clean_accuracy: Rightly answered of images, 0-1.
        per_class: In label order.
    """

    images: int
    attacked: int
    changed: int
    rate: float | None
    clean_accuracy: float
    per_class: tuple[Changes, ...]
    examples: tuple[Example, ...]
    wall_s: float

    def summary(self) -> dict[str, JsonValue]:
        """Return the four figures that a result of a job says."""
        return self.model_dump(
            mode="json", include={"rate", "attacked", "changed", "clean_accuracy"}
        )


class InheritanceReport(ChangesReport):
    """How many defects of a pre-trained network a network made from it has inherited.

    Attributes:
        settings: Of the attack on the pre-trained network.
        clip: Least and largest value of an attacked pixel, in normalised units.
        layer: The pre-trained network's layer whose input was attacked.
        precision: Arithmetic of the gradients.
        sign_agreement: Share of the gradient's signs that are the same in bfloat16 and float32,
            0-1, on the first images; None where bfloat16 was not considered.
        rate: Defect inheritance rate.
    """

    attack: Literal["inherited"]
    settings: AttackSettings
    clip: tuple[float, float]
    layer: str
    precision: str
    sign_agreement: float | None


class CoverageReport(ChangesReport):
    """What inputs do that wake neurons of the pre-trained network and mislead it.

    Attributes:
        tried: Images that an input was sought for: those answered rightly while clean.
        attacked: Those of them whose input misleads the pre-trained network; the others, for which
            nothing was found, are left out.
        rate: Defect inheritance rate.
        coverage_clean: Mean share of the pre-trained network's neurons that the clean images of
            those make active, 0-1; None if there are none.
        coverage_attacked: Likewise, by the inputs that were found.
    """

    attack: Literal["coverage"]
    settings: CoverageSettings
    tried: int
    coverage_clean: float | None
    coverage_attacked: float | None


class UnderBudget(_Facts):
    """What is left of a network's accuracy when a pixel may move by at most ``budget``, in 0-1."""

    budget: float
    right: int
    accuracy: float


class _AccuracyReport(_Facts):
    """How robust a network is against an attack on itself.

    This is another question than what it has inherited: the attacker knows this very network.

    Attributes:
        images: That were looked at.
        clean_accuracy: 0-1.
        under: One for each budget, ascending.
    """

    images: int
    clean_accuracy: float
    under: tuple[UnderBudget, ...]
    examples: tuple[Example, ...]
    wall_s: float


class PgdReport(_AccuracyReport):
    """Accuracy under projected gradient descent on the network's own cross-entropy."""

    attack: Literal["pgd"]
    settings: PgdSettings


class AutoAttackReport(_AccuracyReport):
    """Accuracy under several attacks without a rate to tune, all of which must be survived.

    Attributes:
        parts: The attacks, in order.
    """

    attack: Literal["autoattack"]
    settings: AutoAttackSettings
    parts: tuple[str, ...]


class TriggerReport(ChangesReport):
    """What is left of a backdoor of the pre-trained network.

    The labels have changed since, so success is a changed answer, whichever it is now.

    Attributes:
        planted_class: What the pre-trained network answers to the trigger.
        patch_share: Side of the trigger as a share of the image's.
        rate: Attack success.
        drawn_to: The label that most changed answers fell on; None if none changed.
        drawn: How many fell on it.
    """

    attack: Literal["trigger"]
    settings: TriggerSettings
    planted_class: str
    patch_share: float
    drawn_to: int | None
    drawn: int


AnyReport = Annotated[
    InheritanceReport | CoverageReport | PgdReport | AutoAttackReport | TriggerReport,
    Field(discriminator="attack"),
]
