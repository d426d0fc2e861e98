"""A task that no model knows: modules of classes from anywhere, against a network from scratch."""

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue

from modelfoundry.algorithms.reuse.choice import combinations, pick
from modelfoundry.algorithms.reuse.scores import f1_by_row
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import shown_names
from modelfoundry.pipelines.reuse.composed import Compared, bundle_composed, dataset_of_outputs
from modelfoundry.pipelines.reuse.composing import compose
from modelfoundry.pipelines.reuse.pool import PoolModule, load_pool
from modelfoundry.pipelines.reuse.reports import option_rows, pool_rows
from modelfoundry.pipelines.reuse.scratch import train_scratch
from modelfoundry.pipelines.reuse.table import Scoring
from modelfoundry.pipelines.reuse.task import classes_by_output, pose_task
from modelfoundry.pipelines.reuse_requests import NewTaskPlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home


def run(plan: NewTaskPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Choose, compose and report; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    pool = load_pool(home, plan.pool)
    by_output = classes_by_output(pool)
    task = pose_task(home, {output: by_output[output] for output in plan.outputs})
    dataset = dataset_of_outputs(home, task)
    reporter.log(
        f"{len(pool)} modules for {len(task.outputs)} outputs, {len(task.selection)} images to "
        f"choose with, {len(task.test)} to report on"
    )
    started = time.monotonic()
    scoring = Scoring(pool, [module.output for module in pool], task, home, job_folder, reporter)
    selection = scoring.selection()
    options = combinations(selection)
    chosen = pick(options, selection, rule=plan.rule)
    choosing_s = time.monotonic() - started
    architecture = plan.scratch.architecture or most_common_architecture(
        pool[row] for row in chosen.rows
    )
    reporter.log(f"The rule {chosen.rule} is taken; training {architecture} to compare with")
    scratch = train_scratch(
        task,
        dataset,
        plan.scratch,
        architecture=architecture,
        home=home,
        folder=job_folder / "scratch",
        reporter=reporter,
    )
    test = scoring.test(options)
    title = shown_names(task.names, joint=" or ")
    composed = compose(chosen, pool, task, (selection, test), title=title, home=home)
    reporter.log(
        f"Composed: {composed.accuracy_test:.2%} on the test part; from scratch: "
        f"{scratch.accuracy_test:.2%}"
    )
    reporter.raise_if_cancelled()
    manifest = bundle_composed(
        plan,
        composed,
        Compared(scratch.card, scratch.network, scratch.accuracy_validation, scratch.accuracy_test),
        task=task,
        dataset=dataset,
        home=home,
        wall_s=choosing_s,
    )
    summary: dict[str, JsonValue] = {
        "method": plan.method,
        "outputs": list(task.names),
        "pool": pool_rows(pool, f1_by_row(selection)),
        "options": option_rows(options, pool, (selection, test)),
        "scratch": {
            "architecture": architecture,
            "accuracy_validation": scratch.accuracy_validation,
            "accuracy_test": scratch.accuracy_test,
            "epochs": plan.scratch.epochs,
            "wall_s": scratch.wall_s,
        },
        "chosen_rule": chosen.rule,
        "module": manifest["id"],
    }
    return Outcome(modules=(manifest["id"],), summary=summary)


def most_common_architecture(modules: Iterable[PoolModule]) -> str:
    """Name the architecture that most modules were cut from; of equals the first."""
    return Counter(module.architecture for module in modules).most_common(1)[0][0]
