"""What was trained after the cut, going by a manifest; no torch."""

from collections.abc import Mapping
from typing import Any


def is_taught(manifest: Mapping[str, Any]) -> bool:
    """Whether what was kept has learned from the original's logits too, not only from labels."""
    if manifest["search"]["recover"] == "none":
        return False
    return manifest["recipe"]["settings"].get("distillation", 0) not in (0, None)
