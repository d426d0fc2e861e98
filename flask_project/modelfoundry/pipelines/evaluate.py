"""Measure a model, or a module beside its original, on a data set's test images."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch
from pydantic import JsonValue

from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.catalog.modules import find_module
from modelfoundry.data.fitting import fit_images
from modelfoundry.data.images import ImageSet
from modelfoundry.data.question import Question
from modelfoundry.errors import EngineError
from modelfoundry.evaluation.deepsparse import deepsparse
from modelfoundry.evaluation.efficiency import compare_latency
from modelfoundry.evaluation.engines import Engine, onnx_runtime, openvino
from modelfoundry.evaluation.onnx_logits import unit_images
from modelfoundry.evaluation.results import (
    EngineLatency,
    EvaluatedDataset,
    Evaluation,
    Findings,
    save_evaluation,
)
from modelfoundry.evaluation.scores import answers_of, score
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import EvaluatePlan
from modelfoundry.pipelines.subjects import Subject, model_subject, module_subject, original_of
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home, Settings

LATENCY_IMAGES = 64


def run(plan: EvaluatePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Measure; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    The test images are read once for each network; nothing is chosen by them.
    """
    engines = _engines_here()  # first: a wrong setting should not cost the time of a test
    dataset = find_dataset(home, plan.dataset)
    subjects, question = _subjects(plan, home, job_folder, dataset.classes, reporter)
    posed = question.pose(load_dataset(home, plan.dataset).test, dataset.classes)
    images = fit_images(posed, subjects[0].input_shape)
    reporter.log(f"{subjects[0].title}: {len(images)} test images of {dataset.title}")
    findings = [_findings(subject, question, images, reporter) for subject in subjects]
    for subject, found in zip(subjects, findings, strict=True):
        reporter.log(f"{subject.title}: accuracy {found.scores.accuracy:.2%}")
    evaluation = Evaluation(
        kind="module" if plan.module else "model",
        subject=plan.module or str(plan.model),
        dataset=EvaluatedDataset(
            name=dataset.name, title=dataset.title, content_sha256=dataset.content_sha256
        ),
        part="test",
        evaluated_at=datetime.now(UTC),
        images=len(images),
        labels=question.labels,
        findings=findings[0],
        original=findings[1] if len(findings) > 1 else None,
        latency=tuple(_latencies(engines, subjects, images, reporter)),
    )
    save_evaluation(home, evaluation)
    return Outcome(summary=_summary(evaluation))


def _summary(evaluation: Evaluation) -> dict[str, JsonValue]:
    """Say the most important; the rest is kept with the model or module."""
    scores, original = evaluation.findings.scores, evaluation.original
    return {
        "dataset": evaluation.dataset.name,
        "images": evaluation.images,
        "accuracy": scores.accuracy,
        "original_accuracy": original.scores.accuracy if original else None,
        "calibration_error": scores.calibration.expected_error,
    }


def _engines_here() -> list[Engine]:
    engines = [onnx_runtime()]
    if (optional := openvino()) is not None:
        engines.append(optional)
    if python := Settings.from_environment().deepsparse_python:
        engines.append(deepsparse(python))
    return engines


def _subjects(
    plan: EvaluatePlan, home: Home, job_folder: Path, classes: tuple[str, ...], reporter: Reporter
) -> tuple[list[Subject], Question]:
    """Open what is to be measured: a module and its original, or a model alone."""
    if plan.module is None:
        question = Question("multi-class", classes)
        model = find_model(home, str(plan.model))
        return [model_subject(home, model, question, job_folder)], question
    manifest = find_module(home, plan.module)
    target = manifest["target"]
    question = Question(target["kind"], tuple(target["classes"]), target["group"])
    subjects = [module_subject(home, manifest, question, reporter)]
    original = original_of(home, manifest)
    if manifest["finetuning"]:
        reporter.log("The pre-trained model knows other classes, so nothing stands beside it")
    elif original is None:
        reporter.log(
            f"The model {manifest['model']['name']} is no longer here with the weights that the "
            "module was cut from, so nothing stands beside the module",
            level="warning",
        )
    else:
        subjects.append(model_subject(home, original, question, job_folder))
    return subjects, question


def _findings(
    subject: Subject, question: Question, images: ImageSet, reporter: Reporter
) -> Findings:
    reporter.raise_if_cancelled()
    answers = answers_of(subject.logits(images), subject.answer_of_class)
    return Findings(
        scores=score(answers, images.labels, num_labels=len(question.labels)), cost=subject.cost
    )


def _latencies(
    engines: Sequence[Engine], subjects: Sequence[Subject], images: ImageSet, reporter: Reporter
) -> list[EngineLatency]:
    """Time all networks in turns with each engine; one that cannot run them is left out."""
    latencies = []
    batch = unit_images(images, slice(LATENCY_IMAGES))
    paths = [subject.onnx_path for subject in subjects]
    for engine in engines:
        reporter.raise_if_cancelled()
        reporter.log(f"Timing with {engine.name}")
        try:
            compared = compare_latency(paths, batch, threads=torch.get_num_threads(), engine=engine)
        except EngineError as error:
            reporter.log(f"{engine.name} is left out: {error}", level="warning")
            continue
        latency_ms, *original_ms = compared.latency_ms
        latencies.append(
            EngineLatency.model_validate(
                compared.setup
                | {
                    "note": engine.note,
                    "latency_ms": latency_ms,
                    "original_latency_ms": original_ms[0] if original_ms else None,
                }
            )
        )
    return latencies
