"""Attack a module, or the network it was made from, on test images."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import JsonValue
from torch import nn

from modelfoundry.cards import ModelCard, PlantedTrigger
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.modules import find_module
from modelfoundry.data.fitting import fit_images
from modelfoundry.data.images import ImageSet
from modelfoundry.data.question import Question
from modelfoundry.errors import GoneError, InvalidInputError
from modelfoundry.evaluation.auto_attack import measure_auto_attack
from modelfoundry.evaluation.backdoor import measure_trigger
from modelfoundry.evaluation.inherited_defects import measure_inheritance
from modelfoundry.evaluation.neuron_coverage import measure_coverage
from modelfoundry.evaluation.results import EvaluatedDataset
from modelfoundry.evaluation.robust_accuracy import measure_pgd
from modelfoundry.evaluation.robustness_report import AnyReport, ChangesReport
from modelfoundry.evaluation.robustness_store import Robustness, save_robustness
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.networks import open_model, open_module
from modelfoundry.pipelines.robustness_requests import (
    AnyAttack,
    AutoAttack,
    CoverageAttack,
    InheritedAttack,
    PgdAttack,
    RobustnessPlan,
    TriggerAttack,
)
from modelfoundry.pipelines.subjects import original_of
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device


def run(plan: RobustnessPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:  # noqa: ARG001 - every pipeline's signature; an attack is short enough to begin anew
    """Attack and keep the report; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    Raises:
        GoneError: The pre-trained network, or the module's file, is no longer here.
    """
    manifest = find_module(home, plan.module)
    dataset = find_dataset(home, plan.dataset)
    target = manifest["target"]
    question = Question(target["kind"], tuple(target["classes"]), target["group"])
    posed = question.pose(load_dataset(home, plan.dataset).test, dataset.classes)
    images = fit_images(posed, tuple(manifest["input"]["shape"][1:]))
    reporter.log(f"{len(images)} test images of {dataset.title}")
    report = _attack(plan.attack, home, manifest, images, reporter)
    found = Robustness(
        module=plan.module,
        model=plan.model,
        dataset=EvaluatedDataset(
            name=dataset.name, title=dataset.title, content_sha256=dataset.content_sha256
        ),
        labels=question.labels,
        attacked_at=datetime.now(UTC),
        report=report,
    )
    save_robustness(home, found)
    return Outcome(summary=_summary(plan, report))


def _attack(
    asked: AnyAttack, home: Home, manifest: dict[str, Any], images: ImageSet, reporter: Reporter
) -> AnyReport:
    module = open_module(home, manifest["id"])
    how: dict[str, Any] = {
        "settings": asked.settings,
        "device": best_device(),
        "reporter": reporter,
    }

    def pretrained() -> nn.Module:
        return open_model(home, _original(home, manifest))

    match asked:
        case InheritedAttack():
            return measure_inheritance(pretrained(), module, images, **how)
        case CoverageAttack():
            return measure_coverage(pretrained(), module, images, **how)
        case TriggerAttack():
            return measure_trigger(module, images, planted=_planted(home, manifest), **how)
        case PgdAttack():
            return measure_pgd(module, images, **how)
        case AutoAttack():
            num_classes = len(manifest["target"]["outputs"])
            return measure_auto_attack(module, images, num_classes=num_classes, **how)


def _planted(home: Home, manifest: dict[str, Any]) -> PlantedTrigger:
    model = _original(home, manifest)
    if model.backdoor is None:
        raise InvalidInputError.of("/attack", f"there is no backdoor in {model.name}")
    return model.backdoor


def _original(home: Home, manifest: dict[str, Any]) -> ModelCard:
    model = original_of(home, manifest)
    if model is None:
        raise GoneError(
            f"the model {manifest['model']['name']!r} that the module {manifest['id']} was made "
            "from is no longer here with the same weights; import or train it again, or attack the "
            "module itself with: --attack pgd"
        )
    return model


def _summary(plan: RobustnessPlan, report: AnyReport) -> dict[str, JsonValue]:
    """Say the most important; the rest is kept with the module."""
    facts: dict[str, JsonValue] = {"module": plan.module, "attack": report.attack}
    if isinstance(report, ChangesReport):
        return facts | report.summary()
    under = {f"accuracy_{round(each.budget * 255, 2):g}": each.accuracy for each in report.under}
    return facts | {"clean_accuracy": report.clean_accuracy} | under
