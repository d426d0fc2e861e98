"""Findings on disk, a file of JSON each."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

DocumentT = TypeVar("DocumentT", bound=BaseModel)

_log = logging.getLogger(__name__)


def read_documents(folder: Path, kind: type[DocumentT]) -> Iterator[DocumentT]:
    """Read what is kept in a folder, which may be missing.

    A file that is damaged, or that somebody is just deleting, is left out and logged as a warning.
    """
    for file in sorted(folder.glob("[!.]*.json")):
        try:
            yield kind.model_validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            _log.warning("skipped the unreadable %s: %s", file, error)
