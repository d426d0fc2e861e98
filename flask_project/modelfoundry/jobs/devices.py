"""Which GPUs there are, found out without loading torch."""

import os
import shutil
import subprocess

ASK_WITHIN_S = 10


def slot_devices(slots: int) -> list[str | None]:
    """Name the GPU of each slot; slots share GPUs in turn if there are more slots than GPUs.

    Args:
        slots: Jobs at once; 0 means one per GPU, or one on a machine without a GPU.
    """
    gpus = visible_gpus()
    if not gpus:
        return [None] * max(slots, 1)
    return [gpus[slot % len(gpus)] for slot in range(slots or len(gpus))]


def visible_gpus() -> list[str]:
    """List the GPUs that this process may use, as ``CUDA_VISIBLE_DEVICES`` names them."""
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is not None:
        return [name.strip() for name in allowed.split(",") if name.strip() not in ("", "-1")]
    return [str(number) for number in range(len(gpu_names()))]


def gpu_names() -> list[str]:
    """Name the GPUs of this machine, such as ``NVIDIA H200``."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    try:
        listed = subprocess.check_output(  # noqa: S603 - a fixed command
            [command, "--list-gpus"], text=True, timeout=ASK_WITHIN_S
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = [line for line in listed.splitlines() if line.startswith("GPU ")]
    return [line.partition(": ")[2].partition(" (UUID")[0] for line in lines]
