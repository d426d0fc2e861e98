"""Which defects of a pre-trained network have come along into a fine-tuned one."""

from dataclasses import dataclass
from datetime import UTC, datetime

import torch
from pydantic import JsonValue
from torch import nn

from modelfoundry.evaluation.attack_settings import AttackSettings, TriggerSettings
from modelfoundry.evaluation.backdoor import measure_trigger
from modelfoundry.evaluation.inherited_defects import check_attack, measure_inheritance
from modelfoundry.evaluation.results import EvaluatedDataset
from modelfoundry.evaluation.robustness_report import AnyReport, InheritanceReport, TriggerReport
from modelfoundry.evaluation.robustness_store import Robustness, save_robustness
from modelfoundry.pipelines.reuse.finetune_subject import Subject
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home


@dataclass(frozen=True)
class Defects:
    """What attacks on the pre-trained network do to the fine-tuned one.

    Attributes:
        validation: Inherited defects on the validation images, which choose a threshold; None
            where no attack was asked for.
        test: Likewise on the test images, which report.
        trigger: None where none was planted either.
    """

    validation: InheritanceReport | None = None
    test: InheritanceReport | None = None
    trigger: TriggerReport | None = None

    def summary(self, subject: Subject) -> dict[str, JsonValue]:
        """Return what the result of the job says."""
        left, planted = self.trigger, subject.model.backdoor
        trigger: dict[str, JsonValue] | None = None
        if left is not None and planted is not None:
            before = {"before": planted.success, "accuracy_before": subject.model.test_accuracy}
            trigger = left.summary() | before
        return {
            "inherited": None if self.test is None else self.test.summary(),
            "inherited_validation": None if self.validation is None else self.validation.summary(),
            "trigger": trigger,
        }

    def keep(self, module_id: str, subject: Subject, home: Home) -> None:
        """Keep the whole reports with the module; manifest and summary have their figures alone."""
        dataset = subject.dataset
        reports: tuple[AnyReport | None, ...] = (self.test, self.trigger)
        for report in reports:
            if report is None:
                continue
            found = Robustness(
                module=module_id,
                model=subject.model.name,
                dataset=EvaluatedDataset(
                    name=dataset.name, title=dataset.title, content_sha256=dataset.content_sha256
                ),
                labels=dataset.classes,
                attacked_at=datetime.now(UTC),
                report=report,
            )
            save_robustness(home, found)


def check_attackable(subject: Subject, settings: AttackSettings | None) -> None:
    """Find out before any training whether the attack can be made.

    Raises:
        UnknownNameError: The settings name a layer that the pre-trained network does not have.
        InvalidInputError: The network has no features to attack.
    """
    if settings is not None:
        image = torch.zeros(1, *subject.model.input_shape)
        check_attack(subject.pretrained, image, settings)


def measure_defects(
    subject: Subject,
    finetuned: nn.Module,
    settings: AttackSettings | None,
    *,
    device: torch.device,
    reporter: Reporter,
) -> Defects:
    """Attack the pre-trained network, and try the trigger that was planted in it, if one was.

    Args:
        subject: What was fine-tuned.
        finetuned: Images in 0-1 to logits of the new classes.
        settings: None: attack nothing.
        device: Where the networks run.
        reporter: Told of every batch.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    if settings is None:
        return Defects()
    validation, test = (
        measure_inheritance(
            subject.pretrained,
            finetuned,
            images,
            settings=settings,
            device=device,
            reporter=reporter,
        )
        for images in (subject.validation, subject.test)
    )
    reporter.log(f"{test.changed} of {test.attacked} attacked test images get another answer")
    if subject.model.backdoor is None:
        return Defects(validation, test)
    trigger = measure_trigger(
        finetuned,
        subject.test,
        planted=subject.model.backdoor,
        settings=TriggerSettings(images=settings.images, seed=settings.seed),
        device=device,
        reporter=reporter,
    )
    reporter.log(f"The trigger changes {trigger.changed} of {trigger.attacked} right answers")
    return Defects(validation, test, trigger)
