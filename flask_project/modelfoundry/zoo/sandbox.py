"""Have an untrusted checkpoint read by a confined child process; loads no torch here."""

import logging
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import InvalidInputError, StorageError, UnreadableFileError

logger = logging.getLogger(__name__)

TIMEOUT_S = 180
SUFFIXES = (".safetensors", ".pt", ".pth", ".th")


class ConversionRequest(BaseModel):
    """What the child is asked.

    Attributes:
        source: The untrusted file.
        destination: Where to write the safetensors.
        architectures: The candidates; none to take the tensors as they are, of whatever use.
        num_classes: Number of classes the weights must know.
        input_shape: ``(C, H, W)`` of the images the network must take.
    """

    source: Path
    destination: Path
    architectures: list[ArchitectureCard] = []
    num_classes: int = 0
    input_shape: tuple[int, int, int] = (0, 0, 0)


class ConversionReport(BaseModel):
    """What the child found; ``num_parameters`` counts trainable numbers, not buffers."""

    architecture: str
    num_parameters: int


class PreviewRequest(BaseModel):
    """To only look at ``source`` beside the candidates; their number of classes is found out."""

    model_config = ConfigDict(extra="forbid")  # tells it from the other request

    source: Path
    architectures: list[ArchitectureCard]


class KeyDifference(BaseModel):
    """A tensor that a file and an architecture do not have alike; None where there is none.

    Attributes:
        found: Its shape in the file.
        needed: Its shape in the architecture.
    """

    key: str
    found: tuple[int, ...] | None
    needed: tuple[int, ...] | None


class WeightsPreview(BaseModel):
    """What a file of weights holds.

    Attributes:
        architecture: That it fits, or else the closest of the candidates.
        num_classes: That the last layer tells apart.
        num_numbers: In all tensors together, buffers too.
        num_differences: From the architecture; 0 if the weights fit.
        differences: The first of them.
    """

    architecture: str
    num_classes: int
    num_tensors: int
    num_numbers: int
    num_differences: int
    differences: list[KeyDifference]


Question = ConversionRequest | PreviewRequest


class Answer(BaseModel):
    """What was asked for, or the fault for which the file was refused, or what the disk said."""

    report: ConversionReport | None = None
    preview: WeightsPreview | None = None
    fault: str = ""
    disk_fault: str = ""


def convert_checkpoint(
    source: Path,
    destination: Path,
    *,
    architectures: Sequence[ArchitectureCard],
    num_classes: int,
    input_shape: tuple[int, int, int],
    timeout_s: float = TIMEOUT_S,
) -> ConversionReport:
    """Rewrite a checkpoint as safetensors of one of the candidate architectures.

    Args:
        source: ``.safetensors``, or what ``torch.save`` wrote: ``.pt``, ``.pth``, ``.th``.
        destination: The file to write; its content is trusted afterwards.
        architectures: One if the user named it; several to find out which.
        num_classes: Number of classes the weights must know.
        input_shape: ``(C, H, W)`` of the images the network must take.
        timeout_s: The child is killed after so many seconds.

    Raises:
        InvalidInputError: Another kind of file, weights of none of the candidates, or pickled code.
        UnreadableFileError: Truncated or damaged, or it took more time or memory than allowed.
        StorageError: ``destination`` cannot be written.
    """
    request = ConversionRequest(
        source=source.resolve(),
        destination=destination.resolve(),
        architectures=list(architectures),
        num_classes=num_classes,
        input_shape=input_shape,
    )
    return _convert(request, timeout_s=timeout_s)


def convert_tensors(source: Path, destination: Path, *, timeout_s: float = TIMEOUT_S) -> None:
    """Rewrite the named tensors of a file as safetensors, whatever they are for.

    Takes, writes and raises the same as :func:`convert_checkpoint`.
    """
    request = ConversionRequest(source=source.resolve(), destination=destination.resolve())
    _convert(request, timeout_s=timeout_s)


def preview_checkpoint(
    source: Path, *, architectures: Sequence[ArchitectureCard], timeout_s: float = TIMEOUT_S
) -> WeightsPreview:
    """Look at a checkpoint beside the candidate architectures, without keeping anything.

    Raises:
        InvalidInputError: Another kind of file, no named tensors, or pickled code.
        UnreadableFileError: Truncated or damaged, or it took more time or memory than allowed.
    """
    request = PreviewRequest(source=source.resolve(), architectures=list(architectures))
    answer = _ask(request, timeout_s=timeout_s)
    if answer.preview is None:
        raise _refused(source, answer)
    return answer.preview


def _convert(request: ConversionRequest, *, timeout_s: float) -> ConversionReport:
    answer = _ask(request, timeout_s=timeout_s)
    if answer.disk_fault:
        raise StorageError(answer.disk_fault)
    if answer.report is None:
        raise _refused(request.source, answer)
    return answer.report


def _refused(source: Path, answer: Answer) -> InvalidInputError:
    return InvalidInputError.of("/file", f"{source.name}: {answer.fault}")


def _ask(request: Question, *, timeout_s: float) -> Answer:
    name = request.source.name
    if request.source.suffix.lower() not in SUFFIXES:
        raise InvalidInputError.of(
            "/file", f"{name} is not one of the kinds we read: {', '.join(SUFFIXES)}"
        )
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "modelfoundry.zoo.convert"],
            input=request.model_dump_json(),
            env={"OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            start_new_session=True,
            check=False,
        )
        if child.stderr:
            logger.info("the reader of %s wrote: %s", name, child.stderr.strip())
        return Answer.model_validate_json(child.stdout)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(
            f"{name} could not be read within {timeout_s:.0f} s; save its weights alone"
        ) from error
    except ValidationError as error:
        raise UnreadableFileError(
            f"{name} is truncated, damaged or no checkpoint{_stopped_by(child)}; save or download "
            "it again"
        ) from error


def _stopped_by(child: subprocess.CompletedProcess[str]) -> str:
    """Tell of the signal that killed the child, if one did: it took more than it may."""
    if child.returncode < 0:
        return f" (its reader was stopped by {signal.Signals(-child.returncode).name})"
    return ""
