"""The graph of a network as torch sees it: the source of both portable graph formats."""

import io

import torch
from torch import nn
from torch.export import ExportedProgram

from modelfoundry.export.idle import without_idle_sums

BATCH = "N"


def trace(network: nn.Module, input_shape: tuple[int, ...]) -> ExportedProgram:
    """Record the graph of a network for batches of any size.

    Args:
        network: On the CPU, in eval mode.
        input_shape: ``(C, H, W)`` of one float32 image.

    Returns:
        The program, without the source lines torch notes beside each operation: they would
        put the paths of this machine into every file made from it.
    """
    # Two images of zeros: a batch of one would be recorded as a constant.
    example = torch.zeros(2, *input_shape)
    with torch.no_grad():
        program = torch.export.export(
            network, (example,), dynamic_shapes=({0: torch.export.Dim(BATCH)},)
        )
    program = without_idle_sums(program, example)
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    return program


def pt2_bytes(program: ExportedProgram) -> bytes:
    """Return the content of a ``.pt2`` file, which ``torch.export.load`` reads."""
    buffer = io.BytesIO()
    torch.export.save(program, buffer)
    return buffer.getvalue()
