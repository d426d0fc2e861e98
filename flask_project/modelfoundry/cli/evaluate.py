"""The command that measures a model or module, and what it prints."""

from collections.abc import Callable, Iterator

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_outlook, show_table
from modelfoundry.cli.here import run_here
from modelfoundry.cli.work import dry_run_option
from modelfoundry.evaluation.results import Evaluation, Findings
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.requests import EvaluateRequest
from modelfoundry.settings import Settings

LARGEST_CONFUSION_SHOWN = 10
ABSENT = "-"

Line = tuple[str, str, str]


@click.command()
@click.option("--model", help="Name of a model; or else name a module.")
@click.option("--module", help="Id of a module; or else name a model.")
@click.option("--dataset", help="One with the same classes; the one it was made with if absent.")
@dry_run_option
def evaluate(*, model: str | None, module: str | None, dataset: str | None, dry_run: bool) -> None:
    """Measure a model, or a module beside its original, on the test images of a data set."""
    services = build_services(Settings.from_environment())
    request = EvaluateRequest(model=model, module=module, dataset=dataset)
    if dry_run:
        show_outlook(services.jobs.outlook(request))
        return
    job = run_here(services, services.jobs.begin(request, this_process("command line")))
    show_evaluation(_find(services, request, str((job.result or {})["dataset"])))


def show_evaluation(evaluation: Evaluation) -> None:
    """Print what was found, the original's figures beside the module's."""
    dataset = evaluation.dataset.title
    console.print(f"On {evaluation.images} test images of {dataset}:")
    subject = evaluation.kind
    show_table(("measure", "original", subject), _measures(evaluation))
    console.print()
    show_table(("accuracy by class", "original", subject), _accuracies(evaluation))
    if len(evaluation.labels) <= LARGEST_CONFUSION_SHOWN:
        console.print()
        confusion = evaluation.findings.scores.confusion
        lines = zip(evaluation.labels, confusion, strict=True)
        columns = (f"{subject}: shown, answered", *evaluation.labels)
        show_table(columns, ((label, *counts) for label, counts in lines))
    for engine in evaluation.latency:
        note = f" ({engine.note})" if engine.note else ""
        console.print(
            f"{engine.engine}{note} on {engine.device}, threads: {engine.threads}, "
            f"median of at least {engine.runs} runs",
        )


def _find(services: Services, request: EvaluateRequest, dataset: str) -> Evaluation:
    if request.module is not None:
        found = services.modules.evaluations(request.module)
    else:
        found = services.models.evaluations(str(request.model))
    return next(evaluation for evaluation in found if evaluation.dataset.name == dataset)


def _measures(evaluation: Evaluation) -> Iterator[Line]:
    def line(label: str, of: Callable[[Findings], str]) -> Line:
        original = evaluation.original
        return label, of(original) if original else ABSENT, of(evaluation.findings)

    yield line("Accuracy", lambda found: f"{found.scores.accuracy:.2%}")
    yield line(
        "Expected calibration error", lambda found: f"{found.scores.calibration.expected_error:.4f}"
    )
    yield line("Weights kept", lambda found: f"{found.cost.weights_kept:,}")
    yield line("Parameters in the file", lambda found: f"{found.cost.parameters:,}")
    yield line("Multiply-adds, dense", lambda found: f"{found.cost.macs_dense:,}")
    yield line("Multiply-adds of kept weights", lambda found: f"{found.cost.macs_masked:,}")
    yield line("Multiply-adds in the file", lambda found: f"{found.cost.macs:,}")
    yield line("ONNX file", lambda found: f"{found.cost.file_size_bytes / 1024:,.1f} KiB")
    for engine in evaluation.latency:
        for batch, latency_ms in engine.latency_ms.items():
            original_ms = (engine.original_latency_ms or {}).get(batch)
            yield (
                f"{engine.engine}, batch of {batch}",
                ABSENT if original_ms is None else f"{original_ms:.3f} ms",
                f"{latency_ms:.3f} ms",
            )


def _accuracies(evaluation: Evaluation) -> Iterator[Line]:
    missing = [None] * len(evaluation.labels)
    original = evaluation.original.scores.accuracy_per_class if evaluation.original else missing
    measured = evaluation.findings.scores.accuracy_per_class
    for label, before, after in zip(evaluation.labels, original, measured, strict=True):
        yield label, _share(before), _share(after)


def _share(accuracy: float | None) -> str:
    return ABSENT if accuracy is None else f"{accuracy:.2%}"
