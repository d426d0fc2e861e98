"""Look at a checkpoint of unknown make: what it holds, and which architecture is the closest."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelfoundry.cards import ArchitectureCard
from modelfoundry.zoo.build import network_without_weights
from modelfoundry.zoo.checkpoint import State, by_our_names, find_state, read_checkpoint, shapes_of
from modelfoundry.zoo.dialects import Mismatch, Shape, compare, is_auxiliary
from modelfoundry.zoo.sandbox import KeyDifference, PreviewRequest, WeightsPreview

MAX_DIFFERENCES_LISTED = 8


@dataclass(frozen=True)
class _Comparison:
    architecture: ArchitectureCard
    mismatch: Mismatch
    found: dict[str, Shape]
    needed: dict[str, Shape]


def preview(request: PreviewRequest) -> WeightsPreview:
    """Read one checkpoint and compare it with each candidate, up to one that it fits.

    Raises:
        InvalidInputError: The file is readable but holds no named tensors, or pickled code.
    """
    state = find_state(read_checkpoint(request.source))
    num_classes = _count_classes(state)
    closest = _closest(state, request.architectures, num_classes=num_classes)
    return WeightsPreview(
        architecture=closest.architecture.name,
        num_classes=num_classes,
        num_tensors=len(state),
        num_numbers=sum(value.numel() for value in state.values()),
        num_differences=closest.mismatch.count,
        differences=_differences(closest)[:MAX_DIFFERENCES_LISTED],
    )


def _count_classes(state: State) -> int:
    """Tell how many outputs the last layer has; its weights are the last of a state dict."""
    weights = [value for key, value in state.items() if value.dim() > 1 and not is_auxiliary(key)]
    return weights[-1].shape[0] if weights else 1


def _closest(
    state: State, architectures: Sequence[ArchitectureCard], *, num_classes: int
) -> _Comparison:
    comparisons = []
    for architecture in architectures:
        needed = shapes_of(network_without_weights(architecture, num_classes).state_dict())
        found = shapes_of(by_our_names(state, architecture.family))
        comparison = _Comparison(architecture, compare(found, needed), found, needed)
        if comparison.mismatch.count == 0:
            return comparison
        comparisons.append(comparison)
    return min(comparisons, key=lambda comparison: comparison.mismatch.count)


def _differences(comparison: _Comparison) -> list[KeyDifference]:
    """List what differs: other shapes, then what is missing, then what is too much."""
    mismatch = comparison.mismatch
    keys = [*(key for key, _, _ in mismatch.other_shape), *mismatch.missing, *mismatch.unexpected]
    return [
        KeyDifference(key=key, found=comparison.found.get(key), needed=comparison.needed.get(key))
        for key in keys
    ]
