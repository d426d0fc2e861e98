"""Read checkpoints whose authors named the same layers differently."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Shape = tuple[int, ...]
Renames = tuple[tuple[str, str], ...]

# Left by wrappers (data parallel, torch.compile), whatever the architecture.
WRAPPERS: Renames = ((r"^(module\.|_orig_mod\.)+", ""),)

RENAMES_BY_FAMILY: dict[str, Renames] = {
    "resnet": (
        (r"\b(conv|bn)_(\d)", r"\1\2"),
        (r"\bstage_(\d)", r"layer\1"),
        (r"\bshortcut\b", "downsample"),
        (r"^linear\b", "fc"),
    ),
    # torchvision's own weights are older than its names.
    "densenet": ((r"\b(norm|conv)\.([12])\b", r"\1\2"),),
}

# Further outputs of GoogLeNet and Inception, which only their own training uses.
AUXILIARY = re.compile(r"^(aux1|aux2|AuxLogits)\.")

# Counts training steps; no use after training, and absent from old checkpoints.
IGNORED_SUFFIX = "num_batches_tracked"
MAX_KEYS_LISTED = 5


def our_name(key: str, family: str) -> str:
    """Translate a key of a foreign checkpoint to the name we use in that family."""
    for pattern, replacement in WRAPPERS + RENAMES_BY_FAMILY.get(family, ()):
        key = re.sub(pattern, replacement, key)
    return key


def is_auxiliary(key: str) -> bool:
    """Tell whether a key of a foreign checkpoint belongs to a part that we never build."""
    return AUXILIARY.match(key) is not None


@dataclass(frozen=True)
class Mismatch:
    """How a checkpoint differs from what an architecture needs; all empty if it fits.

    Attributes:
        missing: Keys that the architecture needs and the checkpoint lacks.
        unexpected: Keys of the checkpoint that the architecture has no use for.
        other_shape: ``(key, found, needed)`` of keys that both have.
    """

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    other_shape: tuple[tuple[str, Shape, Shape], ...]

    @property
    def count(self) -> int:
        """Number of keys that differ."""
        return len(self.missing) + len(self.unexpected) + len(self.other_shape)

    def describe(self) -> str:
        """Name the first keys that differ, of each sort."""
        shapes = [f"{key} is {found}, not {needed}" for key, found, needed in self.other_shape]
        parts = (
            _first("missing", self.missing),
            _first("unexpected", self.unexpected),
            _first("other shape", shapes),
        )
        return "; ".join(part for part in parts if part)


def compare(found: Mapping[str, Shape], needed: Mapping[str, Shape]) -> Mismatch:
    """Compare the shapes in a checkpoint, by our names, with those an architecture needs."""
    found, needed = _without_ignored(found), _without_ignored(needed)
    return Mismatch(
        missing=tuple(key for key in needed if key not in found),
        unexpected=tuple(key for key in found if key not in needed),
        other_shape=tuple(
            (key, found[key], shape)
            for key, shape in needed.items()
            if key in found and found[key] != shape
        ),
    )


def _without_ignored(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    return {key: shape for key, shape in shapes.items() if not key.endswith(IGNORED_SUFFIX)}


def _first(title: str, entries: Iterable[str]) -> str:
    listed = list(entries)
    more = len(listed) - MAX_KEYS_LISTED
    rest = f" and {more} more" if more > 0 else ""
    return f"{title}: {', '.join(listed[:MAX_KEYS_LISTED])}{rest}" if listed else ""
