"""Spare a recorded network the work whose result is nothing but zeros."""

from torch import Tensor
from torch.export import ExportedProgram

from modelfoundry.nn.constants import find_constants
from modelfoundry.nn.flat_graph import FlatGraph


def without_idle_sums(program: ExportedProgram, images: Tensor) -> ExportedProgram:
    """Drop additions of zeros, and what was computed for them alone: closed residual branches.

    All tensors stay in the program, so that weights can still be loaded into it by name.

    Args:
        program: Only read.
        images: ``(N, C, H, W)`` that it takes; their content is of no matter.

    Returns:
        The program itself if no layer's weights are all zero.
    """
    if all(weight.any() for weight in program.parameters() if weight.dim() > 1):
        return program
    # Without operators that work in place, which a sum might have kept from a tensor read again.
    functional: ExportedProgram = program.run_decompositions({})
    graph = functional.graph_module.graph
    summed = find_constants(FlatGraph.of_program(functional), images).idle_sums
    returned = set(graph.output_node().all_input_nodes)
    for node in graph.nodes:
        if node in summed and node not in returned:
            same = summed[node]
            while same in summed:
                same = summed[same]
            node.replace_all_uses_with(same)
    graph.eliminate_dead_code()
    functional.graph_module.recompile()
    return functional
