"""What can be evaluated: a model from its weights, a module from the file that is downloaded."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.images import ImageSet
from modelfoundry.data.question import Question
from modelfoundry.errors import UnknownNameError
from modelfoundry.evaluation.onnx_cost import file_cost
from modelfoundry.evaluation.onnx_logits import onnx_logits
from modelfoundry.evaluation.results import Cost
from modelfoundry.export.manifest import FILE_BY_FORMAT
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.normalize import Normalize, with_normalization
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict
from modelfoundry.zoo.weights import load_weights

STAGE = "evaluating"
COUNTED_BY_LAYER = ("weights_kept", "weights_total", "macs_dense", "macs_masked")


@dataclass(frozen=True)
class Subject:
    """A network that answers a question.

    Attributes:
        input_shape: ``(C, H, W)`` of the images it takes.
        logits: Images of the question to float32 ``(N, K)``.
        answer_of_class: int64 ``(K,)``; what each logit answers, -1 for nothing that was asked.
        onnx_path: The network as a file, to be timed.
    """

    title: str
    input_shape: tuple[int, int, int]
    logits: Callable[[ImageSet], npt.NDArray[np.float32]]
    answer_of_class: npt.NDArray[np.int64]
    onnx_path: Path
    cost: Cost


def module_subject(
    home: Home, manifest: dict[str, Any], question: Question, reporter: Reporter
) -> Subject:
    """Open a module: the ONNX file of its bundle, so that what is measured is what is shipped."""
    path = home.modules / manifest["id"] / FILE_BY_FORMAT["onnx"]
    measures = manifest["measures"]["module"]
    return Subject(
        title=f"The module {manifest['title']}",
        input_shape=tuple(manifest["input"]["shape"][1:]),
        logits=partial(onnx_logits, path, stage=STAGE, reporter=reporter),
        answer_of_class=np.arange(len(question.labels)),
        onnx_path=path,
        cost=_cost_of_file(path, **{name: measures[name] for name in COUNTED_BY_LAYER}),
    )


def model_subject(home: Home, model: ModelCard, question: Question, folder: Path) -> Subject:
    """Open a model; it answers with all classes it knows, translated into the question's.

    Args:
        folder: The model is written there as an ONNX file.

    Raises:
        ExportError: The network cannot be written as an ONNX file.
        GoneError: The weights have been deleted.
    """
    network = load_weights(
        model, model_folder(home, model.name), find_architecture(model.architecture)
    )
    whole = with_normalization(Normalize(model.mean, model.std), network)
    path = folder / f"{model.name}.onnx"
    with storage_errors(folder):
        path.write_bytes(onnx_bytes(trace(whole, model.input_shape)))
    return Subject(
        title=model.title,
        input_shape=model.input_shape,
        logits=partial(_model_logits, whole),
        answer_of_class=question.answer_of_class(model.classes),
        onnx_path=path,
        cost=_model_cost(network, model, path),
    )


def original_of(home: Home, manifest: dict[str, Any]) -> ModelCard | None:
    """Find the model that a module was cut from, if it is still here with the same weights."""
    try:
        model = find_model(home, manifest["model"]["name"])
    except UnknownNameError:
        return None
    return model if model.weights_sha256 == manifest["model"]["weights_sha256"] else None


def _model_logits(whole: nn.Module, images: ImageSet) -> npt.NDArray[np.float32]:
    device = best_device()
    logits: npt.NDArray[np.float32] = predict(
        whole.to(device), DeviceImages(images, device=device)
    ).numpy()
    return logits


def _model_cost(network: nn.Module, model: ModelCard, path: Path) -> Cost:
    weights = maskable_segments(network)[-1].stop
    everything = torch.ones(weights, dtype=torch.bool)
    layers = layer_costs(network, everything, torch.zeros(1, *model.input_shape))
    macs = sum(layer.macs_dense for layer in layers)
    return _cost_of_file(
        path, weights_kept=weights, weights_total=weights, macs_dense=macs, macs_masked=macs
    )


def _cost_of_file(path: Path, **counted_by_layer: int) -> Cost:
    in_file = file_cost(path)
    return Cost(
        **counted_by_layer,
        macs=in_file.macs,
        parameters=in_file.parameters,
        file_size_bytes=path.stat().st_size,
    )
