"""Learn from what another network answers, beside the labels."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, kl_div

TEMPERATURE = 2.0
TEACHER_SHARE = 0.5
LEAST_SHARE = 1e-6  # of an answer, before its logarithm


class DistillationLoss:
    """Cross-entropy with the labels, and divergence from a teacher's softened answers.

    The teacher knows K classes and the pupil answers with fewer outputs: what the teacher gives
    to the classes of an output is summed.

    Args:
        teacher: Float images in 0-1 to logits ``(N, K)``; in eval mode, only read.
        answer_of_class: int64 ``(K,)``; the output of each class, -1 where it has none. On the
            device of the images.
        num_outputs: Of the pupil.

    Source: Hinton et al., Distilling the Knowledge in a Neural Network, 2015. Differs: classes
    are summed into outputs.
    """

    def __init__(self, teacher: nn.Module, answer_of_class: Tensor, *, num_outputs: int) -> None:
        self._teacher = teacher
        self._classes = torch.nonzero(answer_of_class >= 0).flatten()
        self._outputs = answer_of_class[self._classes]
        self._num_outputs = num_outputs

    def __call__(self, images: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of a batch; the scale of its gradient is that of a cross-entropy."""
        from_labels = cross_entropy(logits, labels)
        from_teacher = kl_div(
            (logits / TEMPERATURE).log_softmax(dim=1),
            self.answers(images).clamp_min(LEAST_SHARE).log(),
            reduction="batchmean",
            log_target=True,
        )
        return from_labels.lerp(TEMPERATURE**2 * from_teacher, TEACHER_SHARE)

    @torch.no_grad()
    def answers(self, images: Tensor) -> Tensor:
        """Return the teacher's softened answers, ``(N, outputs)``; rows sum to 1."""
        logits: Tensor = self._teacher(images).float()[:, self._classes]
        shares = (logits / TEMPERATURE).softmax(dim=1)
        summed = shares.new_zeros(len(shares), self._num_outputs)
        summed.index_add_(1, self._outputs, shares)
        return summed
