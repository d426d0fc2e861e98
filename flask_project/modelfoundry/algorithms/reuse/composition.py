"""Modules that answer for one output each, as one network with one input."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.reuse.calibration import Calibration

# Added to probabilities before the logarithm. Their rounding, about 1e-7, must not show behind it.
TINY = 1e-4


class Composition(nn.Module):
    """Ask every module about the same images and put what they say side by side.

    Maps float images in 0-1, ``(N, C, H, W)``, to one logit per output, ``(N, K)``: the log-odds
    of the module's score. The largest logit is at the largest score, and softmax gives how likely
    each output is, supposing that the modules err independently and exactly one output is right.

    Args:
        modules: Binary modules with their normalisation inside, logit for yes first; each once.
        module_of_output: Which of them answers, for each output.
        calibrations: How its margin is read, for each output.
    """

    module_of_output: Tensor
    scale: Tensor
    offset: Tensor

    def __init__(
        self,
        modules: Sequence[nn.Module],
        *,
        module_of_output: Sequence[int],
        calibrations: Sequence[Calibration],
    ) -> None:
        super().__init__()
        self.parts = nn.ModuleList(modules)
        self.register_buffer("module_of_output", torch.tensor(module_of_output))
        self.register_buffer("scale", torch.tensor([c.scale for c in calibrations]))
        self.register_buffer("offset", torch.tensor([c.offset for c in calibrations]))

    def forward(self, images: Tensor) -> Tensor:
        """Answer with log-odds ``(N, K)``."""
        margins = torch.stack([_margin(part(images)) for part in self.parts], dim=1)
        return margins[:, self.module_of_output] * self.scale + self.offset


class PatchedNetwork(nn.Module):
    """A weak network whose probability of one class comes from a module that knows better.

    Maps float images in 0-1, ``(N, C, H, W)``, to logits ``(N, K)``: the logarithms of the weak
    network's probabilities, the column of the class replaced by the module's score. That score is
    stretched so that its range on the images that chose the module becomes 0-1.

    Args:
        weak: Images in 0-1 to K logits.
        module: Binary module for the class, logit for yes first.
        output: The class's number among the K.
        low: Least score of the module on the images that chose it, 0-1.
        high: Highest score there, above ``low``.

    Source: Qi et al., Patching Weak Convolutional Neural Network Models through Modularization
    and Composition, ASE 2022. Differs: of a score below ``low`` the class is ruled out; a small
    amount is added to all columns before the logarithm, which keeps their order.
    """

    def __init__(
        self, weak: nn.Module, module: nn.Module, *, output: int, low: float, high: float
    ) -> None:
        super().__init__()
        self.weak = weak
        self.module = module
        self._output = output
        self._low, self._high = low, high

    def forward(self, images: Tensor) -> Tensor:
        """Answer with logarithms of probabilities ``(N, K)``."""
        probabilities = self.weak(images).softmax(dim=1)
        score = _margin(self.module(images)).sigmoid()
        stretched = ((score - self._low) / (self._high - self._low)).clamp(min=0)
        patched = torch.cat(
            [
                probabilities[:, : self._output],
                stretched[:, None],
                probabilities[:, self._output + 1 :],
            ],
            dim=1,
        )
        return (patched + TINY).log()


def _margin(logits: Tensor) -> Tensor:
    return logits[:, 0] - logits[:, 1]
