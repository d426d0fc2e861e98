"""Every exception raised on purpose, one tree.

A message names what was wrong, the value, and the way out. A value that somebody has sent is shown
by :func:`quoted`, so that a message stays readable whatever it was. Nothing here knows of HTTP: the
web layer maps each class to a status.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


def quoted(value: object) -> str:
    """Show a value in a message: text in quotes, all else as JSON; of much only the beginning."""
    if isinstance(value, str):
        return _cut(value, shown=repr(value[:MAX_SHOWN]))
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return _cut(text, shown=text[:MAX_SHOWN])


def json_pointer(*places: str | int) -> str:
    """Point at a value within an input, by names and numbers of items from the outside in."""
    return "".join(f"/{_escape(str(place))}" for place in places)


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

    def __str__(self) -> str:
        """Say where, in words, and what."""
        place = self.pointer.strip("/").replace("/", ".").replace("~1", "/").replace("~0", "~")
        return f"{place}: {self.message}" if place else self.message


class InvalidInputError(ModelFoundryError):
    """The request cannot be carried out as asked; knows every fault, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.listed)))

    @property
    def listed(self) -> tuple[Fault, ...]:
        """The faults to show: where there are very many, the first, and how many more there are."""
        rest = len(self.faults) - MAX_FAULTS_LISTED
        more = Fault("", f"{rest:,} more values are wrong; mend these first")
        return self.faults[:MAX_FAULTS_LISTED] + (more,) * (rest > 0)

    @classmethod
    def of(cls, pointer: str, message: str) -> "InvalidInputError":
        """Build the error for a single fault."""
        return cls([Fault(pointer, message)])


class UnknownNameError(ModelFoundryError):
    """A model, data set, class, job or other name that does not exist here."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"no {kind} named {quoted(name)}{self._hint()}")

    def _hint(self) -> str:
        if self.known and len(self.known) <= MAX_NAMES_LISTED:
            return f"; known: {', '.join(self.known)}"
        place = f"; all are listed by: {LISTED_BY[self.kind]}" if self.kind in LISTED_BY else ""
        if not self.known:
            return place
        name = self.name[:MAX_SHOWN]
        near = get_close_matches(name, self.known, n=MAX_NEAREST_LISTED, cutoff=NEAR)
        if near:
            return f"; nearest of {len(self.known):,} known: {', '.join(near)}{place}"
        listed = ", ".join(self.known[:MAX_NAMES_LISTED])
        return f"; known: {listed} and {len(self.known) - MAX_NAMES_LISTED} more{place}"


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


def _cut(text: str, *, shown: str) -> str:
    return shown if len(text) <= MAX_SHOWN else f"{shown}... ({len(text):,} characters)"


def _escape(place: str) -> str:
    shown = _cut(place, shown=place[:MAX_SHOWN])
    return shown.replace("~", "~0").replace("/", "~1")


LISTED_BY = {
    "architecture": "modelfoundry models architectures",
    "benchmark row": "modelfoundry benchmark list",
    "data set": "modelfoundry data list",
    "job": "modelfoundry jobs list",
    "model": "modelfoundry models list",
    "module": "modelfoundry modules list",
    "published weights": "modelfoundry models published",
    "reuse job": "modelfoundry jobs list",
    "sweep": "modelfoundry sweeps list",
    "token": "modelfoundry tokens list",
    "webhook": "GET /api/v1/webhooks",
}
MAX_SHOWN = 100  # characters of a value
MAX_FAULTS_LISTED = 100
MAX_NAMES_LISTED = 30
MAX_NEAREST_LISTED = 5
NEAR = 0.6  # of 0-1: how alike two names are to difflib
