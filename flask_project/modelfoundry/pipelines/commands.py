"""The command lines that do a plan again; written into everything that is made."""

import shlex

from pydantic import JsonValue

from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.pipelines.train_requests import TrainPlan


def modularize_command(plan: ModularizePlan) -> str:
    """Write the command that makes the same module again, whatever presets say by then."""
    words = ["modelfoundry", "modularize", "--model", plan.model]
    words += _target_options(plan.target)
    words += ["--algorithm", plan.algorithm, "--preset", plan.preset]
    for name, value in plan.settings.items():
        words += ["--set", f"{name}={_as_text(value)}"]
    for export in plan.exports:
        words += ["--export", export]
    return shlex.join(words)


def import_masks_command(plan: ModularizePlan, file_name: str) -> str:
    """Write the command that imports the same masks again."""
    words = ["modelfoundry", "modules", "import", file_name, "--model", plan.model]
    return shlex.join([*words, *_target_options(plan.target)])


def train_command(plan: TrainPlan) -> str:
    """Write the command that trains the same model again."""
    words = ["modelfoundry", "train"]
    first = {"name": plan.name, "architecture": plan.architecture, "dataset": plan.dataset}
    options = first | plan.model_dump(exclude={"subset"})
    if plan.subset is not None:
        del options["validation_fraction"]  # a subset has a validation part of its own
        options["subset_seed"] = plan.subset.seed
        options |= plan.subset.model_dump(exclude={"seed"})
    for name, value in options.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        else:
            words += [f"--{option}", str(value)]
    return shlex.join(words)


def _target_options(target: PlannedTarget) -> list[str]:
    words = ["--kind", target.kind]
    groups = target.groups or (() if target.group is None else (target.group,))
    for name in groups:
        words += ["--group", name]
    if not groups:
        for name in target.classes:
            words += ["--target", name]
    if target.shots is not None:
        words += ["--shots", str(target.shots), "--target-seed", str(target.shots_seed)]
    return words


def _as_text(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
