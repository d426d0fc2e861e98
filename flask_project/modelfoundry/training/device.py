"""Which device and which arithmetic this machine offers."""

import torch


def best_device() -> torch.device:
    """Return the first GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_label(device: torch.device) -> str:
    """Name a device for people: the GPU's name, or the processor and how many threads of it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"CPU, {threads} {'thread' if threads == 1 else 'threads'}"


def training_dtype(precision: str, device: torch.device) -> torch.dtype:
    """Resolve a precision setting to the dtype of the training arithmetic.

    Args:
        precision: ``float32``, ``bfloat16`` or ``auto``: bfloat16 where the hardware has
            instructions for it, since emulating them is slower than float32.
    """
    if precision != "auto":
        return torch.bfloat16 if precision == "bfloat16" else torch.float32
    if device.type == "cuda":
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        has_bfloat16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if has_bfloat16 else torch.float32
