"""What every architecture and every embedded model must keep."""

from pathlib import Path

import pytest
import torch
from torch import nn

from modelfoundry.cards import ArchitectureCard, ModelCard
from modelfoundry.catalog.architectures import ARCHITECTURES, find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import list_models, model_folder
from modelfoundry.settings import Home
from modelfoundry.zoo.build import build_network
from modelfoundry.zoo.dialects import our_name
from modelfoundry.zoo.store import WEIGHTS_FILE
from modelfoundry.zoo.weights import load_weights

NO_HOME = Home(Path("/nonexistent"))
EMBEDDED = list_models(NO_HOME)
NUM_CLASSES = 3

every_architecture = pytest.mark.parametrize(
    "architecture", ARCHITECTURES.values(), ids=list(ARCHITECTURES)
)
every_embedded_model = pytest.mark.parametrize("model", EMBEDDED, ids=lambda card: card.name)


def two_images(shape: tuple[int, int, int]) -> torch.Tensor:
    return torch.linspace(-1, 1, 2 * shape[0] * shape[1] * shape[2]).reshape(2, *shape)


@every_architecture
def test_architecture_gives_one_logit_per_class(architecture: ArchitectureCard):
    network = build_network(architecture, NUM_CLASSES).eval()
    with torch.inference_mode():
        assert network(two_images(architecture.input_shape)).shape == (2, NUM_CLASSES)


@every_architecture
def test_architecture_exports_for_any_number_of_images(architecture: ArchitectureCard):
    with torch.device("meta"):
        network = build_network(architecture, NUM_CLASSES).eval()
        images = torch.empty(2, *architecture.input_shape)
    program = torch.export.export(
        network, (images,), dynamic_shapes=({0: torch.export.Dim("N", min=1)},)
    )
    (logits,) = (node.meta["val"] for node in program.graph.output_node().args[0])
    assert logits.shape[1] == NUM_CLASSES
    assert isinstance(logits.shape[0], torch.SymInt)


@every_architecture
def test_architecture_has_weights_in_convolution_linear_and_norm_layers_only(
    architecture: ArchitectureCard,
):
    with torch.device("meta"):
        network = build_network(architecture, NUM_CLASSES)
    layers = (nn.Conv2d, nn.Linear, nn.BatchNorm2d)
    in_layers = {
        id(parameter)
        for layer in network.modules()
        if isinstance(layer, layers)
        for parameter in layer.parameters()
    }
    assert {id(parameter) for parameter in network.parameters()} == in_layers


@every_architecture
def test_our_own_names_need_no_translation(architecture: ArchitectureCard):
    with torch.device("meta"):
        names = list(build_network(architecture, NUM_CLASSES).state_dict())
    assert [our_name(name, architecture.family) for name in names] == names


@every_embedded_model
def test_embedded_model_has_the_classes_and_shape_of_its_data_set(model: ModelCard):
    dataset = find_dataset(NO_HOME, model.dataset)
    assert (model.classes, model.input_shape) == (dataset.classes, dataset.input_shape)


@every_embedded_model
def test_embedded_model_has_the_weights_its_card_promises(model: ModelCard):
    network = load_weights(
        model, model_folder(NO_HOME, model.name), find_architecture(model.architecture)
    )
    assert sum(parameter.numel() for parameter in network.parameters()) == model.num_parameters


def test_all_embedded_weights_together_take_less_than_two_megabytes():
    files = [model_folder(NO_HOME, model.name) / WEIGHTS_FILE for model in EMBEDDED]
    assert sum(file.stat().st_size for file in files) < 2 * 2**20


def test_embedded_models_of_the_published_designs_have_seen_different_images():
    designs = {"simcnn", "rescnn", "incecnn"}
    biased = [m for m in EMBEDDED if find_architecture(m.architecture).family in designs]
    assert {find_architecture(m.architecture).family for m in biased} == designs
    assert len({m.subset for m in biased}) == 3
    assert None not in {m.subset for m in biased}
