"""What happens when a batch does not fit on the GPU; the network plays the GPU."""

import pytest
import torch
from tests.unit.algorithms.seam.tiny import CONFIG, Recorder, TinyNetwork, changed, search
from torch import Tensor

from modelfoundry.errors import DeviceMemoryError

SHORT = changed(CONFIG, epochs=1, head_only_every=0)


class Demanding(TinyNetwork):
    """Has memory for so many images that it is trained on; evaluation takes less."""

    def __init__(self, *, room: int) -> None:
        super().__init__()
        self.room = room

    def forward(self, images: Tensor) -> Tensor:
        if torch.is_grad_enabled() and images.shape[0] > self.room:
            raise torch.cuda.OutOfMemoryError
        logits: Tensor = super().forward(images)
        return logits


def test_the_batch_is_halved_once_and_said_so(tmp_path):
    reporter = Recorder()

    found = search(tmp_path, config=SHORT, network=Demanding(room=8).eval(), reporter=reporter)

    assert (found.chosen_epoch, found.batch_size) == (1, 8)
    assert reporter.lines[0] == (
        "warning: 16 images at once do not fit in the memory of the GPU; going on with 8"
    )


def test_too_little_memory_for_half_the_batch_is_a_clear_failure(tmp_path):
    with pytest.raises(DeviceMemoryError, match=r"8 images at once .* smaller batch_size"):
        search(tmp_path, config=SHORT, network=Demanding(room=4).eval())
