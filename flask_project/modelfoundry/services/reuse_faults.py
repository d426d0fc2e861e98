"""What can be wrong with a request to reuse modules: names, classes, shapes."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.errors import Fault, quoted
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse_requests import ScratchSettings, TaskOutput
from modelfoundry.services.checks import look_up
from modelfoundry.settings import Home


def read_output(
    home: Home, text: str, pointer: str, datasets: dict[str, DatasetCard], faults: list[Fault]
) -> TaskOutput | None:
    """Read ``class@data set``, and note the data set."""
    class_name, _, name = text.rpartition("@")
    if not class_name:
        faults.append(
            Fault(pointer, f"{quoted(text)} names no class of a data set; write class@data set")
        )
        return None
    dataset = look_up(faults, pointer, lambda: find_dataset(home, name))
    if dataset is None:
        return None
    known = {*dataset.classes, *(group.name for group in dataset.groups)}
    if class_name not in known:
        faults.append(
            Fault(
                pointer,
                f"{name} has no class {quoted(class_name)}; known: {', '.join(dataset.classes)}",
            )
        )
        return None
    datasets[name] = dataset
    return TaskOutput(class_name=class_name, dataset=name)


def coverage_faults(pool: Sequence[PoolModule], dataset: DatasetCard) -> Iterator[Fault]:
    """Point out classes that no module answers for, or outputs that overlap."""
    classes_by_output = {module.class_name: module.classes for module in pool}
    covered = list(chain.from_iterable(classes_by_output.values()))
    if missing := [name for name in dataset.classes if name not in covered]:
        yield Fault(
            "/pool",
            f"no module of the pool answers for {', '.join(missing)} of {dataset.name}; add "
            "modules that do, or choose the method new-task to tell fewer classes apart",
        )
    if twice := sorted({name for name in covered if covered.count(name) > 1}):
        yield Fault(
            "/pool",
            f"{', '.join(twice)} belongs to several of the pool's outputs "
            f"({', '.join(classes_by_output)}); keep modules whose classes do not overlap",
        )


def shape_faults(pool: Sequence[PoolModule], dataset: DatasetCard) -> Iterator[Fault]:
    """Point out modules that take other images than a data set has."""
    for module in pool:
        if module.input_shape != dataset.input_shape:
            yield Fault(
                "/pool",
                f"{module.id} takes images of shape {module.input_shape}, {dataset.name} has "
                f"{dataset.input_shape}; leave the module out",
            )


def common_shape_faults(datasets: Collection[DatasetCard], pointer: str) -> Iterator[Fault]:
    """Point out that no network could take the images of all data sets."""
    if len({dataset.input_shape for dataset in datasets}) > 1:
        shapes = ", ".join(f"{dataset.name} {dataset.input_shape}" for dataset in datasets)
        yield Fault(
            pointer,
            f"the data sets have images of different shapes: {shapes}; one network takes one "
            "shape, so import one of them again with another --size",
        )


def scratch_faults(scratch: ScratchSettings, datasets: Collection[DatasetCard]) -> Iterator[Fault]:
    """Point out that the network to compare with is unknown or does not take the images."""
    name = scratch.architecture
    if name is None:
        return
    faults: list[Fault] = []
    architecture = look_up(faults, "/scratch/architecture", lambda: find_architecture(name))
    yield from faults
    for dataset in datasets:
        if architecture is not None and not architecture.takes(dataset.input_shape):
            yield Fault(
                "/scratch/architecture",
                f"{name} does not take images of shape {dataset.input_shape}, which {dataset.name} "
                "has; choose a network that does",
            )


def uncovered_message(output: TaskOutput, pool: Sequence[PoolModule]) -> str:
    """Say that no module answers for an output, and for what there are some."""
    covered = sorted({module.output.name for module in pool})
    return (
        f"no module of the pool answers for {output.name}, only for: {', '.join(covered)}; add one "
        "that does"
    )
