"""Ask a module and the network that it was cut from what they see on a picture."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from modelfoundry.catalog.models import find_model
from modelfoundry.data.picture import Picture, read_picture
from modelfoundry.errors import GoneError, UnreadableFileError, WrongStateError
from modelfoundry.export.manifest import FILE_BY_FORMAT
from modelfoundry.export.networks import KeptNetwork, find_network, network_key, network_path
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.services.network_writer import WRITING_TIMEOUT_S, NetworkWriter
from modelfoundry.services.sessions import Sessions
from modelfoundry.settings import Home

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

RunnableFormat = Literal["onnx", "int8"]
Role = Literal["module", "original", "model"]

MAX_PICTURE_BYTES = 32 * 2**20
PICTURES_AT_ONCE = 2  # a decoded one takes up to 200 MB
TIMED_RUNS = 5
TIMING_BUDGET_S = 0.2


@dataclass(frozen=True)
class Score:
    """How probable a network holds an answer, 0-1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Answer:
    """What one network says of a picture.

    Attributes:
        role: Of the network: ``module``, ``original`` or ``model``.
        scores: The most probable first.
        latency_ms: Median of a few runs on one thread, after one that is not counted.
    """

    role: Role
    name: str
    scores: tuple[Score, ...]
    latency_ms: float


@dataclass(frozen=True)
class Prediction:
    """What networks say of a picture; the module first."""

    file: str
    picture: Picture
    answers: tuple[Answer, ...]


class PredictService:
    """The use cases around trying networks out."""

    def __init__(self, home: Home, modules: ModuleStore) -> None:
        self._home = home
        self._modules = modules
        self._sessions = Sessions()
        self._decoding = threading.BoundedSemaphore(PICTURES_AT_ONCE)
        self._writer = NetworkWriter(home)

    def by_module(
        self,
        module_id: str,
        content: bytes,
        *,
        file: str,
        format: RunnableFormat = "onnx",  # noqa: A002 - as in the API
        with_original: bool = True,
    ) -> Prediction:
        """Ask a module, and the network it was cut from if that is kept.

        Args:
            content: Of an image file.
            file: Its name, for messages.
            format: Which file of the module to run.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: The module has no such file, or no longer.
            UnreadableFileError: The picture cannot be read.
        """
        module = self._modules.get(module_id)
        session = self._open(self._home.modules / module.id / FILE_BY_FORMAT[format])
        picture = self._read(content, file, _input_shape(session))
        answers = [_ask(session, picture, "module", module.id, module.manifest.target.outputs)]
        if with_original and (original := self._original(module)):
            kept, whole = original
            answers.append(_ask(whole, picture, "original", kept.title, kept.outputs))
        return Prediction(file, picture, tuple(answers))

    def by_model(self, name: str, content: bytes, *, file: str) -> Prediction:
        """Ask a model.

        Raises:
            UnknownNameError: There is no such model.
            WrongStateError: Its network has not been written as a file yet.
            UnreadableFileError: The picture cannot be read.
        """
        key = network_key(find_model(self._home, name))
        try:
            kept = find_network(self._home, key)
        except GoneError as error:
            raise WrongStateError(
                f"the network of {name} has not been written as an ONNX file yet; ask for that "
                f"with: POST /api/v1/models/{name}/network"
            ) from error
        session = self._open(network_path(self._home, key))
        picture = self._read(content, file, kept.input_shape)
        return Prediction(file, picture, (_ask(session, picture, "model", name, kept.outputs),))

    def network(self, key: str) -> KeptNetwork:
        """Describe a kept network; raises ``GoneError``."""
        return find_network(self._home, key)

    def network_file(self, key: str) -> Path:
        """Locate the ONNX file of a kept network; raises ``GoneError``."""
        return network_path(self._home, self.network(key).key)

    def write_network(self, name: str, *, within_s: float = WRITING_TIMEOUT_S) -> KeptNetwork:
        """Write a model's network as an ONNX file, unless there is one; takes some seconds.

        Raises:
            UnknownNameError: There is no such model.
            WrongStateError: It is still being written after ``within_s``, and goes on.
            ExportError: The network cannot be written.
        """
        key = network_key(find_model(self._home, name))
        if not network_path(self._home, key).exists():
            self._writer.write(name, within_s=within_s)
        return find_network(self._home, key)

    def _original(self, module: Module) -> tuple[KeptNetwork, "InferenceSession"] | None:
        key = module.manifest.original_network
        if key is None or not network_path(self._home, key).exists():
            return None
        return find_network(self._home, key), self._open(network_path(self._home, key))

    def _open(self, path: Path) -> "InferenceSession":
        try:
            return self._sessions.open(path)
        except OSError as error:
            raise GoneError(
                f"{path.name} of {path.parent.name} is not here; make the module again, or for "
                f"int8: modelfoundry modules quantize {path.parent.name}"
            ) from error

    def _read(self, content: bytes, file: str, shape: tuple[int, int, int]) -> Picture:
        if len(content) > MAX_PICTURE_BYTES:
            raise UnreadableFileError(
                f"{file} has {len(content):,} bytes; at most {MAX_PICTURE_BYTES:,} are read, so "
                "send it scaled down"
            )
        with self._decoding:
            return read_picture(content, name=file, shape=shape)


def _input_shape(session: "InferenceSession") -> tuple[int, int, int]:
    _, channels, height, width = session.get_inputs()[0].shape
    return channels, height, width


def _ask(
    session: "InferenceSession", picture: Picture, role: Role, name: str, labels: Sequence[str]
) -> Answer:
    feed = {session.get_inputs()[0].name: picture.batch()}
    (logits,) = session.run(None, feed)
    durations: list[float] = []
    while len(durations) < TIMED_RUNS and sum(durations) < TIMING_BUDGET_S:
        started = time.perf_counter()
        session.run(None, feed)
        durations.append(time.perf_counter() - started)
    probabilities = _softmax(logits[0])
    order = np.argsort(-probabilities, kind="stable")
    scores = tuple(Score(labels[index], float(probabilities[index])) for index in order)
    return Answer(role, name, scores, median(durations) * 1000)


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Turn ``(K,)`` logits into shares that sum to one."""
    powers: npt.NDArray[np.float64] = np.exp(logits.astype(np.float64) - float(logits.max()))
    shares: npt.NDArray[np.float64] = powers / powers.sum()
    return shares
