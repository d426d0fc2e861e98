"""What an evaluation finds, and where it is kept: one file per subject and data set; no torch."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from modelfoundry.evaluation.documents import read_documents
from modelfoundry.evaluation.scores import Scores
from modelfoundry.settings import Home
from modelfoundry.storage import remove_folder, replace_durably, storage_errors

SubjectKind = Literal["model", "module"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cost(_Facts):
    """What a network costs, whatever engine runs it.

    Attributes:
        macs_dense: Multiply-adds per image of the architecture at full size.
        macs_masked: Multiply-adds per image with the kept weights alone.
        macs: Multiply-adds per image of the network as it is in the file.
        parameters: In the file.
    """

    weights_kept: int
    weights_total: int
    macs_dense: int
    macs_masked: int
    macs: int
    parameters: int
    file_size_bytes: int


class Findings(_Facts):
    """One network's answers to the question, and its cost."""

    scores: Scores
    cost: Cost


class EngineLatency(_Facts):
    """Median milliseconds per batch, by batch size, of networks that were timed in turns.

    Attributes:
        note: What a reader must know of the engine, such as a licence that bars production use.
        runs: Behind the least measured median.
        original_latency_ms: None where no original stands beside.
    """

    engine: str
    note: str
    device: str
    threads: int
    runs: int
    latency_ms: dict[str, float]
    original_latency_ms: dict[str, float] | None


class EvaluatedDataset(_Facts):
    """The images that were used."""

    name: str
    title: str
    content_sha256: str


class Evaluation(_Facts):
    """A model or module, measured once on the test images of a data set.

    Attributes:
        subject: Name of the model or id of the module.
        labels: What is asked: the classes to tell apart, in the order of every list and matrix.
        original: Of the whole model that the module was cut from, reduced to the same question;
            None for a model, and where the original is no longer here.
    """

    kind: SubjectKind
    subject: str
    dataset: EvaluatedDataset
    part: Literal["test"]
    evaluated_at: datetime
    images: int
    labels: tuple[str, ...]
    findings: Findings
    original: Findings | None
    latency: tuple[EngineLatency, ...]


def save_evaluation(home: Home, evaluation: Evaluation) -> None:
    """Keep an evaluation; an earlier one of the same subject and data set is replaced.

    Raises:
        StorageError: The disk is full or cannot be written; the earlier one is still there.
    """
    folder = _folder(home, evaluation.kind, evaluation.subject)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{evaluation.dataset.name}.json"
        replace_durably(file, evaluation.model_dump_json().encode())


def list_evaluations(home: Home, kind: SubjectKind, subject: str) -> list[Evaluation]:
    """Read what was found of a model or module, newest first.

    Args:
        subject: A name or id that exists; it becomes a path.
    """
    found = read_documents(_folder(home, kind, subject), Evaluation)
    return sorted(found, key=lambda evaluation: evaluation.evaluated_at, reverse=True)


def delete_evaluations(home: Home, kind: SubjectKind, subject: str) -> None:
    """Forget what was found of a model or module, if anything.

    Raises:
        StorageError: A file cannot be deleted.
    """
    folder = _folder(home, kind, subject)
    if folder.exists():
        remove_folder(folder)


def _folder(home: Home, kind: SubjectKind, subject: str) -> Path:
    return home.evaluations / kind / subject
