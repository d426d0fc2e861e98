"""Check a request to reuse modules, and make a plan of it with nothing left open."""

from collections.abc import Sequence
from functools import partial
from typing import assert_never

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, quoted
from modelfoundry.pipelines.reuse.pool import PoolModule, models_of, resolve_pool
from modelfoundry.pipelines.reuse_requests import (
    ComposePlan,
    ComposeRequest,
    EveryPairPlan,
    EveryPairRequest,
    MoreAccuratePlan,
    MoreAccurateRequest,
    NewTaskPlan,
    NewTaskRequest,
    PatchPlan,
    PatchRequest,
)
from modelfoundry.services.checks import look_up, missing_data_faults
from modelfoundry.services.reuse_faults import (
    common_shape_faults,
    coverage_faults,
    read_output,
    scratch_faults,
    shape_faults,
    uncovered_message,
)
from modelfoundry.settings import Home


def plan_composition(home: Home, request: ComposeRequest) -> ComposePlan:
    """Resolve the pool of a request and check that it can be carried out.

    Raises:
        InvalidInputError: With all faults at once.
    """
    pool, faults = resolve_pool(home, request.pool)
    plan: ComposePlan | None
    match request:
        case MoreAccurateRequest():
            plan = _plan_more_accurate(home, request, pool, faults)
        case NewTaskRequest():
            plan = _plan_new_task(home, request, pool, faults)
        case EveryPairRequest():
            plan = _plan_every_pair(home, request, pool, faults)
        case PatchRequest():
            plan = _plan_patch(home, request, pool, faults)
        case _:
            assert_never(request)
    if faults or plan is None:
        raise InvalidInputError(faults)
    return plan


def _plan_more_accurate(
    home: Home, request: MoreAccurateRequest, pool: Sequence[PoolModule], faults: list[Fault]
) -> MoreAccuratePlan | None:
    if not pool:
        return None
    names = sorted({module.dataset for module in pool})
    if len(names) > 1:
        some = (next(m.id for m in pool if m.dataset == name) for name in names)
        listed = ", ".join(f"{name} ({one})" for name, one in zip(names, some, strict=True))
        faults.append(
            Fault(
                "/pool",
                f"the pool has modules of {len(names)} data sets: {listed}; keep those of one, or "
                "choose the method new-task",
            )
        )
        return None
    dataset = look_up(faults, "/pool", lambda: find_dataset(home, names[0]))
    if dataset is None:
        return None
    faults += missing_data_faults(dataset, "/pool")
    faults += shape_faults(pool, dataset)
    faults += coverage_faults(pool, dataset)
    if not models_of(home, pool):
        gone = ", ".join(sorted({module.model for module in pool}))
        faults.append(
            Fault(
                "/pool",
                f"none of the models that the modules were cut from ({gone}) is here with the same "
                "weights, so there is nothing to compare with; add modules of a model that is",
            )
        )
    return MoreAccuratePlan(
        method="more-accurate", dataset=dataset.name, rule=request.rule, pool=_ids(pool)
    )


def _plan_new_task(
    home: Home, request: NewTaskRequest, pool: Sequence[PoolModule], faults: list[Fault]
) -> NewTaskPlan | None:
    if len(request.outputs) < 2:  # noqa: PLR2004 - there is nothing to tell apart
        faults.append(
            Fault(
                "/outputs",
                f"a task needs at least two outputs, there are {len(request.outputs)}; name them "
                "as class@data set",
            )
        )
    outputs = []
    datasets: dict[str, DatasetCard] = {}
    for index, text in enumerate(request.outputs):
        output = read_output(home, text, f"/outputs/{index}", datasets, faults)
        if output in outputs:
            faults.append(Fault(f"/outputs/{index}", f"{text} is there twice; name it once"))
        elif output is not None:
            outputs.append(output)
            if pool and output not in {module.output for module in pool}:
                faults.append(Fault(f"/outputs/{index}", uncovered_message(output, pool)))
    used = [module for module in pool if module.output in outputs]
    faults += common_shape_faults(datasets.values(), "/outputs")
    for dataset in datasets.values():
        faults += missing_data_faults(dataset, "/outputs")
        faults += shape_faults([m for m in used if m.dataset == dataset.name], dataset)
    faults += scratch_faults(request.scratch, datasets.values())
    if faults:
        return None
    return NewTaskPlan(
        method="new-task",
        outputs=tuple(outputs),
        rule=request.rule,
        scratch=request.scratch,
        pool=_ids(used),
    )


def _plan_every_pair(
    home: Home, request: EveryPairRequest, pool: Sequence[PoolModule], faults: list[Fault]
) -> EveryPairPlan | None:
    datasets: list[DatasetCard] = []
    for index, name in enumerate(request.datasets):
        dataset = look_up(faults, f"/datasets/{index}", partial(find_dataset, home, name))
        if dataset is None:
            continue
        datasets.append(dataset)
        faults += missing_data_faults(dataset, f"/datasets/{index}")
        of_dataset = [module for module in pool if module.dataset == name]
        faults += shape_faults(of_dataset, dataset)
        if pool and not of_dataset:
            faults.append(
                Fault("/pool", f"no module of the pool is of {name}; add some of its modules")
            )
    if request.datasets[0] == request.datasets[1]:
        faults.append(
            Fault("/datasets/1", f"{request.datasets[1]} is there twice; name two data sets")
        )
    faults += common_shape_faults(datasets, "/datasets")
    if request.scratch is not None:
        faults += scratch_faults(request.scratch, datasets)
    used = [module for module in pool if module.dataset in request.datasets]
    if faults:
        return None
    return EveryPairPlan(
        method="every-pair", datasets=request.datasets, scratch=request.scratch, pool=_ids(used)
    )


def _plan_patch(
    home: Home, request: PatchRequest, pool: Sequence[PoolModule], faults: list[Fault]
) -> PatchPlan | None:
    weak = look_up(faults, "/model", lambda: find_model(home, request.model))
    if weak is None:
        return None
    dataset = look_up(faults, "/model", lambda: find_dataset(home, weak.dataset))
    if request.class_name not in weak.classes:
        faults.append(
            Fault(
                "/class_name",
                f"{weak.name} does not know the class {quoted(request.class_name)}; known: "
                f"{', '.join(weak.classes)}",
            )
        )
        return None
    used = [module for module in pool if module.classes == (request.class_name,)]
    if pool and not used:
        covered = ", ".join(sorted({module.class_name for module in pool}))
        faults.append(
            Fault(
                "/pool",
                f"no module of the pool answers for {request.class_name!r}, only for: {covered}; "
                "add one that does",
            )
        )
    if dataset is None:
        return None
    faults += missing_data_faults(dataset, "/model")
    faults += shape_faults(used, dataset)
    if faults:
        return None
    return PatchPlan(
        method="patch",
        model=weak.name,
        dataset=dataset.name,
        class_name=request.class_name,
        pool=_ids(used),
    )


def _ids(pool: Sequence[PoolModule]) -> tuple[str, ...]:
    return tuple(module.id for module in pool)
