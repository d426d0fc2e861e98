"""Fine-tune a model to another data set, and measure which defects come along."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from pydantic import JsonValue
from torch import nn

from modelfoundry.algorithms.finetune.run import FineTuned, finetune
from modelfoundry.algorithms.finetune.step import Task
from modelfoundry.cards import ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.nn.output_layer import take_output_layer_off
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.finetune_defects import check_attackable, measure_defects
from modelfoundry.pipelines.reuse.finetune_subject import Subject, load_subject
from modelfoundry.pipelines.reuse.finetuned import Accuracies, bundle_finetuned, steps_json
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.build import build_network

CHECKPOINT = "finetune.pt"


def run(plan: FinetunePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Fine-tune; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    Raises:
        GoneError: The weights of the model have been deleted.
        UnknownNameError: The attack is to be on a layer that the model does not have.
        InvalidInputError: The model has no features to attack.
    """
    device = best_device()
    subject = load_subject(plan, home)
    check_attackable(subject, plan.attack)
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
    defects = measure_defects(subject, found.network, plan.attack, device=device, reporter=reporter)
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
        inherited=defects.test,
        home=home,
    )
    defects.keep(manifest["id"], subject, home)
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
        **defects.summary(subject),
    }
    return Outcome(modules=(manifest["id"],), summary=summary)


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
