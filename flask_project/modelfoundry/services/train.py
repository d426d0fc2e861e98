"""Check a request to train, and make a plan of it with nothing left open."""

from functools import partial
from typing import Any

import numpy as np

from modelfoundry.cards import ArchitectureCard, BiasedSubset, DatasetCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.data.biased import biased_subset, split_subset, usual_bias
from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.pipelines.train_requests import TrainPlan, TrainRequest, WantedSubset
from modelfoundry.services.checks import CheckedPlan, look_up, missing_data_faults
from modelfoundry.settings import Home
from modelfoundry.zoo.store import check_new_model_name

OURS = {"epochs": 30, "weight_decay": 5e-4}
PUBLISHED = {"epochs": 200, "batch_size": 128, "learning_rate": 0.01, "weight_decay": 1e-4}
VALIDATION_FRACTION = 0.1

# Few images are taken in small batches, so that there are enough steps, and the rate goes with the
# batch: 64 and 0.1 from about two thousand images on.
FULL_BATCH, SMALLEST_BATCH = 64, 16
LEAST_STEPS_PER_EPOCH = 32
RATE_OF_FULL_BATCH = 0.1


def check_train(home: Home, request: TrainRequest) -> CheckedPlan[TrainPlan]:
    """Make every choice that the request leaves open, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once.
    """
    faults: list[Fault] = []
    try:
        check_new_model_name(home, request.name)
    except InvalidInputError as error:
        faults += error.faults
    find = partial(find_architecture, request.architecture)
    architecture = look_up(faults, "/architecture", find)
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, request.dataset))
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
    if architecture and dataset and not architecture.takes(dataset.input_shape):
        faults.append(Fault("/architecture", _size_message(architecture, dataset)))
    if request.subset and request.validation_fraction is not None:
        message = "a subset has a validation part of its own, a fifth of it; leave this out"
        faults.append(Fault("/validation_fraction", message))
    subset: BiasedSubset | None = None
    num_train, notes = dataset.num_train if dataset else 0, list[str]()
    if request.subset and dataset and dataset.num_train:
        subset, num_train, notes = _planned_subset(faults, request.subset, dataset)
    if faults or architecture is None or dataset is None:
        raise InvalidInputError(faults)
    plan = _plan(request, architecture, dataset, subset, num_train=num_train)
    return CheckedPlan("train", plan, f"Train {request.name}", notes)


def _plan(
    request: TrainRequest,
    architecture: ArchitectureCard,
    dataset: DatasetCard,
    subset: BiasedSubset | None,
    *,
    num_train: int,
) -> TrainPlan:
    chosen: dict[str, Any] = PUBLISHED if request.published else OURS | _pace(request, num_train)
    chosen = chosen | {
        "flip": request.published or dataset.is_mirrorable,
        "validation_fraction": VALIDATION_FRACTION if subset is None else 0,
    }
    given = request.model_dump(exclude_none=True, exclude={"subset"})
    return TrainPlan.model_validate(
        chosen | given | {"architecture": architecture.name, "subset": subset}
    )


def _pace(request: TrainRequest, num_train: int) -> dict[str, float]:
    """Choose the batch by the number of images, and the rate by the batch."""
    batch_size = request.batch_size
    if batch_size is None:
        batch_size = FULL_BATCH
        while batch_size > max(SMALLEST_BATCH, num_train // LEAST_STEPS_PER_EPOCH):
            batch_size //= 2
    return {
        "batch_size": batch_size,
        "learning_rate": RATE_OF_FULL_BATCH * batch_size / FULL_BATCH,
    }


def _planned_subset(
    faults: list[Fault], wanted: WantedSubset, dataset: DatasetCard
) -> tuple[BiasedSubset | None, int, list[str]]:
    """Decide what a wanted subset leaves open and draw it once, to see what comes of it.

    Returns:
        The subset, None if it cannot be drawn; how many images of it train; what to say of it.
    """
    try:
        concentration, min_size = usual_bias(dataset)
        subset = BiasedSubset(
            seed=wanted.seed,
            concentration=wanted.concentration or concentration,
            min_size=wanted.min_size or min_size,
        )
        # How many images of a class are drawn does not depend on their order.
        labels = np.repeat(np.arange(len(dataset.classes)), dataset.num_train_by_class)
        drawn = biased_subset(labels, **subset.model_dump())
    except InvalidInputError as error:
        faults += error.faults
        return None, 0, []
    train, validation = split_subset(drawn)
    counts = np.bincount(labels[drawn], minlength=len(dataset.classes))
    note = (
        f"{len(train):,} images to train on and {len(validation):,} to validate with; the rarest "
        f"class, {dataset.classes[counts.argmin()]}, has {counts.min():,} of them, the most "
        f"frequent, {dataset.classes[counts.argmax()]}, {counts.max():,}."
    )
    return subset, len(train), [note]


def _size_message(architecture: ArchitectureCard, dataset: DatasetCard) -> str:
    side = architecture.smallest_side
    taken = f"of {side}x{side} and more" if side else f"of shape {architecture.input_shape} only"
    return (
        f"{architecture.name} takes images {taken}, {dataset.name} has {dataset.input_shape}; "
        "import the data set with another --size, or choose a network that takes it, such as "
        "torchvision/resnet18"
    )
