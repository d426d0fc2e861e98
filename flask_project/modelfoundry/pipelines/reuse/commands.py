"""The command lines that make a composed module again."""

import shlex
from typing import assert_never

from modelfoundry.pipelines.reuse_requests import (
    ComposePlan,
    EveryPairPlan,
    MoreAccuratePlan,
    NewTaskPlan,
    PatchPlan,
)


def reuse_command(plan: ComposePlan) -> str:
    """Write the command that does the same again, whatever modules there are by then."""
    words = ["modelfoundry", "reuse", plan.method]
    match plan:
        case MoreAccuratePlan():
            words += ["--rule", plan.rule]
        case NewTaskPlan():
            for output in plan.outputs:
                words += ["--output", output.name]
            words += ["--rule", plan.rule]
        case EveryPairPlan():
            for name in plan.datasets:
                words += ["--dataset", name]
        case PatchPlan():
            words += ["--model", plan.model, "--class", plan.class_name]
        case _:
            assert_never(plan)
    if isinstance(plan, NewTaskPlan | EveryPairPlan) and plan.scratch is not None:
        for name, value in plan.scratch.model_dump(exclude_none=True).items():
            words += [f"--scratch-{name.replace('_', '-')}", str(value)]
    for module_id in plan.pool:
        words += ["--module", module_id]
    return shlex.join(words)
