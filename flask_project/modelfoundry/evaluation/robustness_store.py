"""What attacks on modules have found, and where it is kept: one file per module and attack."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from modelfoundry.evaluation.documents import read_documents
from modelfoundry.evaluation.results import EvaluatedDataset
from modelfoundry.evaluation.robustness_report import AnyReport
from modelfoundry.settings import Home
from modelfoundry.storage import replace_durably, storage_errors


class Robustness(BaseModel):
    """A report about a module, and what it was made with.

    Attributes:
        model: The pre-trained network that the module was made from.
        labels: The classes to tell apart, in the order of every list of the report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: str
    model: str
    dataset: EvaluatedDataset
    labels: tuple[str, ...]
    attacked_at: datetime
    report: AnyReport


def save_robustness(home: Home, found: Robustness) -> None:
    """Keep what was found of a module; an earlier report on the same attack is replaced.

    It goes with the module's evaluations, and is deleted with them.

    Raises:
        StorageError: The disk is full or cannot be written; the earlier one is still there.
    """
    folder = _folder(home, found.module)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{found.report.attack}.json"
        replace_durably(file, found.model_dump_json().encode())


def list_robustness(home: Home, module_id: str) -> list[Robustness]:
    """Read what attacks have found of a module, newest first.

    Args:
        module_id: Of a module that exists; it becomes a path.
    """
    found = read_documents(_folder(home, module_id), Robustness)
    return sorted(found, key=lambda each: each.attacked_at, reverse=True)


def _folder(home: Home, module_id: str) -> Path:
    return home.evaluations / "module" / module_id / "robustness"
