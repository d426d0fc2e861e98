"""What an ONNX file costs, counted from the file itself."""

import math
from dataclasses import dataclass
from pathlib import Path

from modelfoundry.evaluation.onnx_file import OnnxFile


@dataclass(frozen=True)
class FileCost:
    """Cost of a network as it is in its file.

    Attributes:
        parameters: Numbers that were learnt or measured: all floating-point constants.
        macs: Multiply-adds per image of convolutions and of products with a constant, zeros
            included.
    """

    parameters: int
    macs: int


def file_cost(path: Path) -> FileCost:
    """Count the parameters and multiply-adds of a float network with one input ``(N, ...)``."""
    file = OnnxFile.read(path)
    return FileCost(
        parameters=sum(math.prod(file.constants[name]) for name in file.learnt),
        macs=sum(file.macs(node) for node in file.nodes),
    )
