"""Let what is left of a network learn from the whole one.

Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015: softened logits.
"""

from copy import deepcopy

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from modelfoundry.nn.target import TargetNetwork

TEMPERATURE = 2.0


class Distillation:
    """Cross-entropy of the target's logits, and how far the trunk's are from the original's.

    The target asks one question of the trunk's logits; the original answers one for each of its
    classes, so that an image says more than yes or no to a network that has to learn again.

    Args:
        network: To be trained; on ``device``.
        original: With the trunk that ``network``'s was cut from; not changed.
        weight: Of the second part beside the first.
    """

    def __init__(
        self,
        network: TargetNetwork,
        original: TargetNetwork,
        *,
        weight: float,
        device: torch.device,
    ) -> None:
        self._network = network
        teacher = deepcopy(original.trunk).requires_grad_(requires_grad=False).eval()
        self._teacher = teacher.to(device).to(memory_format=torch.channels_last)
        self._weight = weight

    def __call__(self, images: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of a batch, a scalar; images are float32 in 0-1."""
        inputs = self._network.normalize(images)
        with torch.no_grad():
            wanted = self._teacher(inputs).float()
        logits = self._network.trunk(inputs)
        answers = self._network.head(logits).float()
        return cross_entropy(answers, labels) + self._weight * softened(logits.float(), wanted)


def softened(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return how far logits ``(N, K)`` are from wanted ones at a higher temperature, a scalar.

    The Kullback-Leibler divergence of the two distributions, times the squared temperature, which
    keeps the size of its gradient independent of it.
    """
    own, others = (log_softmax(each / TEMPERATURE, dim=1) for each in (logits, wanted))
    return TEMPERATURE**2 * kl_div(own, others, log_target=True, reduction="batchmean")
