"""Which GPUs there are, found out without loading torch."""

import os
import shutil
import subprocess
from dataclasses import dataclass

ASK_WITHIN_S = 10
MEBIBYTE = 2**20


@dataclass(frozen=True)
class GpuUsage:
    """How much of a GPU is in use, by whomever."""

    busy_ratio: float
    memory_bytes: int


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
    lines = [line for line in _ask("--list-gpus") if line.startswith("GPU ")]
    return [line.partition(": ")[2].partition(" (UUID")[0] for line in lines]


def gpu_usage(gpu: str) -> GpuUsage | None:
    """Tell how much of a GPU is in use, if its driver says.

    Args:
        gpu: As ``visible_gpus`` names it.
    """
    wanted = "--query-gpu=utilization.gpu,memory.used"
    answer = _ask(wanted, "--format=csv,noheader,nounits", f"--id={gpu}")
    try:
        busy, memory = (float(figure) for figure in answer[0].split(","))
    except (IndexError, ValueError):  # a part of a GPU says [N/A]
        return None
    return GpuUsage(busy / 100, int(memory) * MEBIBYTE)


def _ask(*options: str) -> list[str]:
    """Ask the driver; no lines where there is none or it fails."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    try:
        answer = subprocess.check_output(  # noqa: S603 - fixed options
            [command, *options], text=True, timeout=ASK_WITHIN_S
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return answer.splitlines()
