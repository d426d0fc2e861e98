from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save
from torch import Tensor

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import InvalidInputError
from modelfoundry.zoo.checkpoint import convert, find_state, fit
from modelfoundry.zoo.resnet_cifar import resnet20, resnet20_b
from modelfoundry.zoo.sandbox import ConversionRequest
from modelfoundry.zoo.vgg import vgg11_bn

PADDED = ArchitectureCard(
    name="resnet20",
    title="",
    family="resnet",
    builder="modelfoundry.zoo.resnet_cifar:resnet20",
)
PROJECTED = ArchitectureCard(
    name="resnet20-b",
    title="",
    family="resnet",
    builder="modelfoundry.zoo.resnet_cifar:resnet20_b",
)
DEEPER = ArchitectureCard(
    name="resnet32",
    title="",
    family="resnet",
    builder="modelfoundry.zoo.resnet_cifar:resnet32",
)
VGG = ArchitectureCard(
    name="vgg11-bn", title="", family="vgg", builder="modelfoundry.zoo.vgg:vgg11_bn"
)
ALL = (DEEPER, PADDED, PROJECTED)


@pytest.fixture
def state() -> dict[str, Tensor]:
    return resnet20(10).state_dict()


def test_architecture_is_recognised_by_names_and_shapes(state):
    architecture, _ = fit(state, ALL, num_classes=10)
    assert architecture.name == "resnet20"


def test_shortcuts_with_weights_are_told_from_those_without():
    architecture, _ = fit(resnet20_b(10).state_dict(), ALL, num_classes=10)
    assert architecture.name == "resnet20-b"


def test_foreign_names_are_translated_and_values_kept(state):
    foreign = {f"module.{key.replace('fc', 'linear')}": value for key, value in state.items()}
    _, weights = fit(foreign, ALL, num_classes=10)
    assert torch.equal(weights["fc.weight"], state["fc.weight"])


def test_half_precision_becomes_float32(state):
    halved = {key: value.half() for key, value in state.items()}
    _, weights = fit(halved, ALL, num_classes=10)
    assert weights["conv1.weight"].dtype == torch.float32


def test_missing_step_counters_are_filled_in(state):
    old = {key: value for key, value in state.items() if "num_batches" not in key}
    _, weights = fit(old, ALL, num_classes=10)
    assert set(weights) == set(state)


def test_weights_of_another_architecture_name_the_first_keys_that_differ(state):
    with pytest.raises(InvalidInputError, match=r"do not fit resnet32: missing: layer1\.3\.conv1"):
        fit(state, [DEEPER], num_classes=10)


def test_weights_of_no_known_architecture_name_the_closest(state):
    del state["bn1.weight"]
    with pytest.raises(
        InvalidInputError, match=r"resnet20 being the closest: missing: bn1\.weight"
    ):
        fit(state, ALL, num_classes=10)


def test_other_number_of_classes_is_said_plainly(state):
    with pytest.raises(InvalidInputError, match=r"fit resnet20 but know 10 classes, .* has 100"):
        fit(state, ALL, num_classes=100)


@pytest.mark.parametrize("wrapper", ["state_dict", "model_state_dict", "model", "net"])
def test_state_dict_is_found_inside_a_training_checkpoint(wrapper: str):
    tensors = {"a": torch.zeros(1)}
    assert find_state({"epoch": 3, wrapper: tensors}) == tensors


def test_checkpoint_without_tensors_is_refused():
    with pytest.raises(InvalidInputError, match="holds no state dict"):
        find_state({"epoch": 3})


def request_for(
    source: Path, *, architecture: ArchitectureCard = PADDED, input_shape=(3, 32, 32)
) -> ConversionRequest:
    return ConversionRequest(
        source=source,
        destination=source.with_suffix(".safetensors"),
        architectures=[architecture],
        num_classes=10,
        input_shape=input_shape,
    )


def test_weights_that_are_not_numbers_are_refused(state, tmp_path: Path):
    state["fc.bias"][0] = torch.nan
    torch.save(state, tmp_path / "weights.pt")
    with pytest.raises(InvalidInputError, match=r"1 tensors hold NaN or infinity, first fc\.bias"):
        convert(request_for(tmp_path / "weights.pt"))


def test_converted_file_holds_the_same_numbers(state, tmp_path: Path):
    torch.save({"state_dict": state}, tmp_path / "weights.th")
    report = convert(request_for(tmp_path / "weights.th"))
    converted = load_file(tmp_path / "weights.safetensors")
    assert report.num_parameters == 269_722
    assert torch.equal(converted["conv1.weight"], state["conv1.weight"])


def test_safetensors_are_read_too(state, tmp_path: Path):
    (tmp_path / "weights.safetensors").write_bytes(save(state))
    assert convert(request_for(tmp_path / "weights.safetensors")).architecture == "resnet20"


def test_images_the_network_cannot_take_are_refused(tmp_path: Path):
    torch.save(vgg11_bn(10).state_dict(), tmp_path / "weights.pt")
    request = request_for(tmp_path / "weights.pt", architecture=VGG, input_shape=(3, 16, 16))
    with pytest.raises(InvalidInputError, match=r"takes images of shape \(3, 32, 32\), the data"):
        convert(request)
