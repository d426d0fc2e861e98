"""A network as the flat list of operators it runs, with the names of the tensors they read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.export import ExportedProgram

from modelfoundry.errors import InvalidInputError


@dataclass(frozen=True)
class FlatGraph:
    """What a network computes, operator by operator, in the order it runs.

    Attributes:
        nodes: Inputs, operators and output. Every node has the shape of its value.
        name_by_node: Parameter or buffer that an input node stands for. A tensor that the network
            holds under several names goes by the first.
        tensor_by_node: The values of those, and of constants that have no name.
    """

    nodes: tuple[fx.Node, ...]
    name_by_node: Mapping[fx.Node, str]
    tensor_by_node: Mapping[fx.Node, Tensor]

    @classmethod
    def of(cls, network: nn.Module, images: Tensor) -> "FlatGraph":
        """Record the operators that a network in eval mode runs on one image.

        Args:
            network: Only read.
            images: ``(N, C, H, W)``, of which the first serves as an example.

        Raises:
            InvalidInputError: What the network does depends on the content of the images.
        """
        try:
            with torch.no_grad():
                program = torch.export.export(network, (images[:1],))
        except RuntimeError as error:
            raise InvalidInputError.of(
                "/model",
                f"{type(network).__name__} cannot be recorded as a graph of operators, which "
                f"removing channels takes: {error}; use SeaM with granularity weight, or a network "
                "whose operators do not depend on the image",
            ) from error
        graph = cls.of_program(program)
        first_names = _first_names(network)
        names = {node: first_names[name] for node, name in graph.name_by_node.items()}
        return replace(graph, name_by_node=names)

    @classmethod
    def of_program(cls, program: ExportedProgram) -> "FlatGraph":
        """Read what torch recorded of a network."""
        signature = program.graph_signature
        names = signature.inputs_to_parameters | signature.inputs_to_buffers
        constants = signature.inputs_to_lifted_tensor_constants
        tensors = program.state_dict | program.constants
        inputs = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
        return cls(
            tuple(node for node in program.graph.nodes if not _is_check(node)),
            {inputs[key]: name for key, name in names.items()},
            {inputs[key]: tensors[name] for key, name in (names | constants).items()},
        )


def operator_name(node: fx.Node) -> str:
    """Return an operator's name, the same for variants and for the one that works in place."""
    name = getattr(node.target, "overloadpacket", node.target).__name__  # type: ignore[union-attr]
    return str(name).removesuffix("_")


def arguments(node: fx.Node) -> dict[str, Any]:
    """Return an operator's arguments by the names in its declaration, defaults included."""
    declared = node.target._schema.arguments  # type: ignore[union-attr]
    found = {argument.name: argument.default_value for argument in declared}
    found |= {argument.name: value for argument, value in zip(declared, node.args, strict=False)}
    return found | dict(node.kwargs)


def layer_name(node: fx.Node) -> str:
    """Return the name of the layer whose forward ran an operator."""
    name: str = list(node.meta["nn_module_stack"].values())[-1][0]
    return name


def _is_check(node: fx.Node) -> bool:
    """Say whether a node only makes sure of something and returns nothing."""
    return node.op == "call_function" and node.meta["val"] is None


def _first_names(network: nn.Module) -> dict[str, str]:
    tensors = [
        *network.named_parameters(remove_duplicate=False),
        *network.named_buffers(remove_duplicate=False),
    ]
    name_by_identity: dict[int, str] = {}
    return {name: name_by_identity.setdefault(id(tensor), name) for name, tensor in tensors}
