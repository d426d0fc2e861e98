"""Labels of channels, and which of them stand for the same channel."""

import torch
from torch import Tensor

# Label of everything that cannot be removed.
PINNED = 0


class Ties:
    """Equations between labels, solved once all are known.

    Labels are whole numbers handed out by :meth:`fresh`. Being removable only together is the
    same as being equal, and being pinned is being equal to :data:`PINNED`, so that the order in
    which equations arrive does not matter.
    """

    def __init__(self) -> None:
        self._count = PINNED + 1
        self._left: list[Tensor] = []
        self._right: list[Tensor] = []

    def fresh(self, count: int) -> Tensor:
        """Hand out labels never seen before, int64 ``(count,)``."""
        labels = torch.arange(self._count, self._count + count)
        self._count += count
        return labels

    def equate(self, left: Tensor, right: Tensor) -> None:
        """Declare that labels at the same place, after broadcasting, are the same channel."""
        left, right = torch.broadcast_tensors(left, right)
        for axis in range(left.dim()):
            if left.stride(axis) == right.stride(axis) == 0:
                left, right = left.narrow(axis, 0, 1), right.narrow(axis, 0, 1)
        differs = left != right
        self._left.append(left[differs])
        self._right.append(right[differs])

    def pin(self, labels: Tensor) -> None:
        """Declare that these can never be removed."""
        self.equate(labels, torch.tensor(PINNED))

    def solve(self) -> Tensor:
        """Return for every label the smallest one it is equal to, int64 ``(labels,)``."""
        left = torch.cat([torch.empty(0, dtype=torch.int64), *self._left])
        right = torch.cat([torch.empty(0, dtype=torch.int64), *self._right])
        smallest = torch.arange(self._count)
        while True:
            before = smallest.clone()
            least = torch.minimum(smallest[left], smallest[right])
            # Tell the labels themselves and those they were last known to equal.
            for label in (left, right, before[left], before[right]):
                smallest.scatter_reduce_(0, label, least, "amin")
            smallest = smallest[smallest]
            if torch.equal(smallest, before):
                return smallest
