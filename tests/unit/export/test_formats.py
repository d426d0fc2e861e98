import io

import numpy as np
import onnx
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from modelfoundry.errors import ExportError
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import pt2_bytes, trace
from modelfoundry.export.weights_file import safetensors_bytes
from modelfoundry.onnx_engine import open_session

batch_sizes = pytest.mark.parametrize("batch_size", [1, 2, 7])


@pytest.fixture(scope="module")
def program(network: nn.Module) -> torch.export.ExportedProgram:
    return trace(network, (3, 8, 8))


@pytest.fixture(scope="module")
def onnx_content(program: torch.export.ExportedProgram) -> bytes:
    return onnx_bytes(program)


@batch_sizes
def test_onnx_takes_batches_of_any_size(
    onnx_content: bytes, network: nn.Module, images: Tensor, batch_size: int
):
    session = open_session(onnx_content)
    (logits,) = session.run(["logits"], {"images": images[:batch_size].numpy()})
    expected = network(images[:batch_size]).detach().numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-5)


@batch_sizes
def test_pt2_takes_batches_of_any_size(
    program: torch.export.ExportedProgram, network: nn.Module, images: Tensor, batch_size: int
):
    loaded = torch.export.load(io.BytesIO(pt2_bytes(program))).module()
    assert torch.allclose(loaded(images[:batch_size]), network(images[:batch_size]), atol=1e-6)


def test_onnx_names_its_ends_and_the_free_axis(onnx_content: bytes):
    session = open_session(onnx_content)
    assert [(end.name, end.shape) for end in session.get_inputs()] == [("images", ["N", 3, 8, 8])]
    assert [(end.name, end.shape) for end in session.get_outputs()] == [("logits", ["N", 2])]


def test_onnx_is_valid_and_needs_no_second_file(onnx_content: bytes):
    model = onnx.load_model_from_string(onnx_content)
    onnx.checker.check_model(model, full_check=True)
    assert {tensor.data_location for tensor in model.graph.initializer} == {
        onnx.TensorProto.DEFAULT
    }


def test_an_operation_that_onnx_lacks_is_an_export_error():
    class Eigenvalues(nn.Module):
        def forward(self, batch: Tensor) -> Tensor:
            values: Tensor = torch.linalg.eigvalsh(batch)
            return values.flatten(1)

    with pytest.raises(ExportError, match="cannot be written as ONNX"):
        onnx_bytes(trace(Eigenvalues(), (1, 4, 4)))


def test_safetensors_holds_every_parameter_and_buffer(network: nn.Module):
    loaded = safetensors.torch.load(safetensors_bytes(network))
    expected = network.state_dict()
    assert loaded.keys() == expected.keys()
    assert all(torch.equal(loaded[name], expected[name]) for name in expected)


def test_the_same_network_gives_the_same_safetensors_bytes(network: nn.Module):
    assert safetensors_bytes(network) == safetensors_bytes(network)


def test_weights_that_share_memory_are_written_under_both_names():
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    loaded = safetensors.torch.load(safetensors_bytes(tied))
    assert torch.equal(loaded["0.weight"], loaded["1.weight"])
