"""How many modules are computed in one pass, so that their values fit in memory."""

import psutil
import torch

SHARE = 0.5  # of the free memory; the rest is for what is made in passing, and for others


def modules_at_once(
    num_modules: int, *, values_per_image: int, batch_size: int, dtype: torch.dtype, free: int
) -> int:
    """Return how many modules of a split network fit, at least one.

    Args:
        values_per_image: Numbers that are kept for each image and module until the gradients
            are there.
        dtype: Of those.
        free: Bytes of memory.
    """
    of_one = values_per_image * batch_size * dtype.itemsize
    return max(1, min(num_modules, int(SHARE * free / of_one)))


def free_bytes(device: torch.device) -> int:
    """Return how much memory a device has left."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)
