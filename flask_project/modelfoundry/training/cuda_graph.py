"""Replay a training step as one CUDA graph.

A small network keeps a GPU busy for less time than Python needs to launch its kernels; a recorded
step is launched as a whole.
"""

from collections.abc import Callable

import torch
from torch import Tensor

EAGER_STEPS = 3  # real steps that let cuDNN choose and the allocator settle before recording


class ReplayedStep:
    """A training step that is recorded once and then replayed.

    Batches of another shape than the recorded one (the last of an epoch) run eagerly. Parameters,
    optimizer state and learning rates must be tensors that are updated in place
    (``capturable=True``), since the recording holds their addresses.

    Source: CUDA graphs, whole-network capture as PyTorch's documentation describes it.
    """

    def __init__(self, step: Callable[[Tensor, Tensor], Tensor]) -> None:
        self._step = step
        self._steps_taken = 0
        self._graph: torch.cuda.CUDAGraph | None = None
        self._images = self._labels = self._loss = torch.empty(0)

    def __call__(self, images: Tensor, labels: Tensor) -> Tensor:
        """Take the step on a batch that lies on the GPU; return its loss."""
        if self._steps_taken < EAGER_STEPS:
            self._steps_taken += 1
            return self._on_side_stream(images, labels)
        graph = self._graph or self._record(images, labels)
        if images.shape != self._images.shape:
            return self._step(images, labels)
        self._images.copy_(images)
        self._labels.copy_(labels)
        graph.replay()
        return self._loss.clone()

    def _on_side_stream(self, images: Tensor, labels: Tensor) -> Tensor:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            loss = self._step(images, labels)
        torch.cuda.current_stream().wait_stream(stream)
        return loss

    def _record(self, images: Tensor, labels: Tensor) -> torch.cuda.CUDAGraph:
        self._images, self._labels = images.clone(), labels.clone()
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):  # records without executing
            self._loss = self._step(self._images, self._labels)
        return self._graph
