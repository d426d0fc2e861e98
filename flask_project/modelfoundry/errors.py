"""Every exception raised on purpose, one tree.

A message names what was wrong, the value, and the way out. Nothing here knows of HTTP: the web
layer maps each class to a status.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class ModelFoundryError(Exception):
    """Root of everything we raise on purpose; its text is meant for the user."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input.

    Attributes:
        pointer: JSON pointer to the offending value, such as ``/settings/epochs``.
        message: What is wrong, the value, and the way out.
    """

    pointer: str
    message: str


class InvalidInputError(ModelFoundryError):
    """The request cannot be carried out as asked; lists every fault, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))

    @classmethod
    def of(cls, pointer: str, message: str) -> "InvalidInputError":
        """Build the error for a single fault."""
        return cls([Fault(pointer, message)])


class UnknownNameError(ModelFoundryError):
    """A model, data set, class, job or other name that does not exist here."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"no {kind} named {name!r}{self._hint()}")

    def _hint(self) -> str:
        if not self.known:
            return ""
        if len(self.known) <= MAX_NAMES_LISTED:
            return f"; known: {', '.join(self.known)}"
        near = get_close_matches(self.name, self.known, n=MAX_NEAREST_LISTED, cutoff=NEAR)
        if near:
            return f"; nearest of {len(self.known):,} known: {', '.join(near)}"
        listed = ", ".join(self.known[:MAX_NAMES_LISTED])
        return f"; known: {listed} and {len(self.known) - MAX_NAMES_LISTED} more"


class UnreadableFileError(ModelFoundryError):
    """A file that is truncated, of the wrong kind, or holds something we refuse to load."""


class WrongStateError(ModelFoundryError):
    """The thing exists but its state forbids the action, such as cancelling a finished job."""


class GoneError(ModelFoundryError):
    """Something that was here is no longer on disk."""


class TooLargeError(ModelFoundryError):
    """An upload over the configured limit."""


class StorageError(ModelFoundryError):
    """The disk is full or cannot be written; nothing half-written was left behind."""


class DownloadError(ModelFoundryError):
    """The network or a server failed while something was fetched; trying again may help."""


class ExportError(ModelFoundryError):
    """A network cannot be written as a file that computes the same."""


class EngineError(ModelFoundryError):
    """An engine that was asked for is not there, or cannot run a network."""


class DeviceMemoryError(ModelFoundryError):
    """What was asked for does not fit in the memory of the GPU."""


class AlreadyRunningError(ModelFoundryError):
    """Another server uses the same data folder."""


MAX_NAMES_LISTED = 30
MAX_NEAREST_LISTED = 5
NEAR = 0.6  # of 0-1: how alike two names are to difflib
