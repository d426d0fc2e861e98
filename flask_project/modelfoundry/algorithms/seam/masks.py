"""Search the masks of a target network: of weights, of channels, or of both one after another."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.seam.search import Search
from modelfoundry.algorithms.seam.stage import Task, train_stage
from modelfoundry.algorithms.stage import Finished
from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.channel_groups import in_groups
from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.channel_price import ChannelPrice
from modelfoundry.nn.channels import ChannelMap, find_channels
from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.masking import MaskedNetwork, fold_mask
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.nn.target import TargetNetwork
from modelfoundry.training.loop import steps_per_epoch

SAMPLE_IMAGES = 2  # to trace a network and count its multiply-adds


@dataclass(frozen=True)
class Found:
    """What a search has found, on the CPU.

    Attributes:
        masked: The target network seen through its masks.
        folded: The same function with the masks folded into the weights.
        is_kept: Boolean ``(length,)`` over the maskable segments of the original.
    """

    masked: TargetNetwork
    folded: TargetNetwork
    is_kept: Tensor
    search: Finished


def search_masks(original: TargetNetwork, task: Task) -> Found:
    """Search masks on the trunk of a target network, and train its head.

    Args:
        original: On the CPU, in eval mode, with a head that knows nothing yet; not changed.

    Raises:
        InvalidInputError: No channel of the network can be removed.
    """
    epochs = task.config.epochs
    if task.config.granularity == "weight":
        return _search_weights(original, task, first=0, epochs=epochs)
    if task.config.granularity == "channel":
        return _search_channels(original, task, epochs=epochs)
    half = epochs // 2
    channels = _search_channels(original, task, epochs=half)
    inside = _search_weights(
        channels.folded, task, first=half, epochs=epochs - half, is_kept=channels.is_kept
    )
    search = inside.search.after(channels.search)
    return Found(inside.masked, inside.folded, inside.is_kept, search)


def _search_weights(
    original: TargetNetwork, task: Task, *, first: int, epochs: int, is_kept: Tensor | None = None
) -> Found:
    masked = MaskedNetwork(original.trunk, charge=task.config.alpha, is_kept=is_kept)
    target, search = _train(masked, original, task, name="weights", first=first, epochs=epochs)
    folded = fold_mask(original.trunk, masked.is_kept())
    return Found(target, _with_trunk(folded, target), masked.is_kept(), search)


def _search_channels(original: TargetNetwork, task: Task, *, epochs: int) -> Found:
    channels = _channels_of_trunk(original, task)
    masked = ChannelMaskedNetwork(
        original.trunk,
        channels,
        charge=task.config.alpha,
        goal=task.config.goal,
        price=_price(original, channels, task),
    )
    target, search = _train(masked, original, task, name="channels", first=0, epochs=epochs)
    folded = masked.folded(original.trunk)
    return Found(target, _with_trunk(folded, target), masked.is_kept(), search)


def _train(
    masked: MaskedNetwork | ChannelMaskedNetwork,
    original: TargetNetwork,
    task: Task,
    *,
    name: str,
    first: int,
    epochs: int,
) -> tuple[TargetNetwork, Finished]:
    """Train masks and a copy of the head; return both at the chosen epoch, on the CPU."""
    target = _with_trunk(masked, original).to(task.device)
    search = Search(
        target,
        task.config,
        total_steps=epochs * steps_per_epoch(len(task.train), task.config.batch_size),
        base_accuracy=task.base_accuracy if task.config.recover == "none" else None,
        device=task.device,
    )
    finished = train_stage(search, task, name=name, shown_as="search", first=first, epochs=epochs)
    search.put_back(finished.best)
    return target.cpu().eval(), finished


def _with_trunk(trunk: nn.Module, target: TargetNetwork) -> TargetNetwork:
    """Return a target network with another trunk; normalisation and head are copied."""
    return TargetNetwork(deepcopy(target.normalize), trunk, deepcopy(target.head)).eval()


def _channels_of_trunk(original: TargetNetwork, task: Task) -> ChannelMap:
    """Find what can be removed; all of the trunk's logits stay, for a recovery to learn from."""
    images = original.normalize(_sample(task))
    single = find_channels(original.trunk, images, residual=task.config.residual)
    channels = in_groups(original.trunk, single, images, size=task.config.together)
    if channels.num_channels == 0:
        raise InvalidInputError.of(
            "/settings/granularity",
            f"{type(original.trunk).__name__} has no channel that can be removed; "
            'choose granularity "weight"',
        )
    return channels


def _price(original: TargetNetwork, channels: ChannelMap, task: Task) -> ChannelPrice:
    segments = maskable_segments(original.trunk)
    if task.config.charge_by == "weights":
        return ChannelPrice(segments, channels)
    everything = torch.ones(segments[-1].stop, dtype=torch.bool)
    costs = layer_costs(original.trunk, everything, original.normalize(_sample(task)))
    macs_by_layer = {cost.name: cost.macs_dense for cost in costs}
    matrices = [segment for segment in segments if len(segment.shape) > 1]
    entries_by_layer: Counter[str] = Counter()
    for segment in matrices:
        entries_by_layer[segment.layer] += segment.shape.numel()
    prices = {
        segment.name: macs_by_layer[segment.layer] / entries_by_layer[segment.layer]
        for segment in matrices
    }
    return ChannelPrice(segments, channels, entry_prices=prices)


def _sample(task: Task) -> Tensor:
    return task.validation.first(SAMPLE_IMAGES).cpu()
