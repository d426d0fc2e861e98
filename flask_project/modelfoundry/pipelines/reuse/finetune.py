"""Fine-tune a model to another data set, and measure which defects come along."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import torch
from pydantic import JsonValue
from torch import nn

from modelfoundry.algorithms.finetune.run import FineTuned, finetune
from modelfoundry.algorithms.finetune.steps import Task
from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.fitting import fit_dataset
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import hold_out
from modelfoundry.evaluation.attack_settings import TriggerSettings
from modelfoundry.evaluation.backdoor import measure_trigger
from modelfoundry.evaluation.inherited_defects import measure_inheritance
from modelfoundry.evaluation.results import EvaluatedDataset
from modelfoundry.evaluation.robustness_report import AnyReport, InheritanceReport
from modelfoundry.evaluation.robustness_store import Robustness, save_robustness
from modelfoundry.nn.normalize import Normalize, with_normalization
from modelfoundry.nn.output_layer import take_output_layer_off
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.found_modules import load_network
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.finetuned import Accuracies, bundle_finetuned, steps_json
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.build import build_network

CHECKPOINT = "finetune.pt"


@dataclass(frozen=True)
class Subject:
    """What is fine-tuned, and the images it is fine-tuned to, in the size that it takes.

    Attributes:
        network: Normalised images to the logits of the model's own classes.
        train: Learnt from.
        validation: Decides which epochs are kept, and which threshold is suggested.
        test: Reports, once everything is chosen.
    """

    model: ModelCard
    dataset: DatasetCard
    network: nn.Module
    train: ImageSet
    validation: ImageSet
    test: ImageSet

    @property
    def normalize(self) -> Normalize:
        """Turns images in 0-1 into what the network takes."""
        return Normalize(self.model.mean, self.model.std)


def run(plan: FinetunePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Fine-tune; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    device = best_device()
    subject = _load(plan, home)
    reporter.log(
        f"{subject.model.title} on {device_label(device)}: {len(subject.train)} training, "
        f"{len(subject.validation)} validation, {len(subject.test)} test images"
    )
    found = _finetune(subject, plan, device, job_folder / CHECKPOINT, reporter)
    served = {
        "validation": DeviceImages(subject.validation, device=device),
        "test": DeviceImages(subject.test, device=device),
    }
    module, compared = (
        {part: accuracy(network.to(device), images) for part, images in served.items()}
        for network in (found.network, found.compared)
    )
    accuracies = Accuracies(
        compared_validation=compared["validation"],
        compared_test=compared["test"],
        module_validation=module["validation"],
        module_test=module["test"],
    )
    reporter.log(f"{accuracies.module_test:.2%} of the test images are answered rightly")
    validation, test = _inherited(subject, found, plan, device, reporter)
    reporter.raise_if_cancelled()
    reporter.log("Writing and checking the files")
    manifest = bundle_finetuned(
        plan,
        found,
        accuracies,
        model=subject.model,
        dataset=subject.dataset,
        image_counts={
            "train": len(subject.train),
            "validation": len(subject.validation),
            "test": len(subject.test),
        },
        check_images=subject.test,
        inherited=test,
        home=home,
    )
    if test is not None:
        _keep(test, manifest["id"], subject, home)
    if plan.attack is not None and subject.model.backdoor is not None:
        left = measure_trigger(
            found.network,
            subject.test,
            planted=subject.model.backdoor,
            settings=TriggerSettings(images=plan.attack.images, seed=plan.attack.seed),
            device=device,
            reporter=reporter,
        )
        reporter.log(f"The trigger changes {left.changed} of {left.attacked} right answers")
        _keep(left, manifest["id"], subject, home)
    summary: dict[str, JsonValue] = {
        "method": plan.method,
        "how": plan.how,
        "model": subject.model.name,
        "dataset": subject.dataset.name,
        "num_classes": len(subject.dataset.classes),
        "accuracy_validation": accuracies.module_validation,
        "accuracy_test": accuracies.module_test,
        "retained_ratio": found.retained_ratio,
        "prune_threshold": plan.config.prune_threshold,
        "steps": steps_json(found),
        "module": manifest["id"],
        "inherited": None if test is None else test.summary(),
        "inherited_validation": None if validation is None else validation.summary(),
    }
    return Outcome(modules=(manifest["id"],), summary=summary)


def _keep(report: AnyReport, module_id: str, subject: Subject, home: Home) -> None:
    """Keep the whole report with the module; manifest and summary have its figures alone."""
    dataset = subject.dataset
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


def _load(plan: FinetunePlan, home: Home) -> Subject:
    model = find_model(home, plan.model)
    data = fit_dataset(load_dataset(home, plan.dataset), model.input_shape)
    train, validation = hold_out(data.train, plan.config.validation_fraction)
    return Subject(
        model=model,
        dataset=find_dataset(home, plan.dataset),
        network=load_network(home, model),
        train=train,
        validation=validation,
        test=data.test.whole(),
    )


def _finetune(
    subject: Subject,
    plan: FinetunePlan,
    device: torch.device,
    checkpoint: Path,
    reporter: Reporter,
) -> FineTuned:
    example = torch.zeros(1, *subject.model.input_shape)
    return finetune(
        take_output_layer_off(subject.network, example),
        subject.normalize,
        num_classes=len(subject.dataset.classes),
        how=plan.how,
        new_trunk=_trunk_builder(subject.model, example),
        task=Task(
            train=DeviceImages(subject.train, device=device),
            validation=DeviceImages(subject.validation, device=device),
            settings=plan.config,
            seed=plan.seed,
            device=device,
            checkpoint=checkpoint,
            reporter=reporter,
        ),
    )


def _trunk_builder(model: ModelCard, example: torch.Tensor) -> Callable[[], nn.Module]:
    build = partial(build_network, find_architecture(model.architecture), len(model.classes))
    return lambda: take_output_layer_off(build().eval(), example).network


def _inherited(
    subject: Subject,
    found: FineTuned,
    plan: FinetunePlan,
    device: torch.device,
    reporter: Reporter,
) -> tuple[InheritanceReport | None, InheritanceReport | None]:
    """Measure the inherited defects on the validation images and on the test images."""
    if plan.attack is None:
        return None, None
    pretrained = with_normalization(subject.normalize, subject.network)
    validation, test = (
        measure_inheritance(
            pretrained,
            found.network,
            images,
            settings=plan.attack,
            device=device,
            reporter=reporter,
        )
        for images in (subject.validation, subject.test)
    )
    reporter.log(f"{test.changed} of {test.attacked} attacked test images get another answer")
    return validation, test
