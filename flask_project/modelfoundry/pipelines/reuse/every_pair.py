"""Each class of one data set beside each class of another: all compositions from one table."""

from pathlib import Path
from typing import cast

from pydantic import JsonValue

from modelfoundry.algorithms.reuse.choice import accuracy_of, published
from modelfoundry.algorithms.reuse.scores import f1_by_row
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.composed import dataset_of_outputs
from modelfoundry.pipelines.reuse.new_task import most_common_architecture
from modelfoundry.pipelines.reuse.pool import PoolModule, load_pool
from modelfoundry.pipelines.reuse.reports import pool_rows
from modelfoundry.pipelines.reuse.scratch import train_scratch
from modelfoundry.pipelines.reuse.table import Scoring
from modelfoundry.pipelines.reuse.task import classes_by_output, pose_task
from modelfoundry.pipelines.reuse_requests import EveryPairPlan, ScratchSettings, TaskOutput
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home

STAGE = "pairs"


def run(plan: EveryPairPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Compose and measure every pair; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    The modules of a pair are those of the highest F1 on the pair's own images, as published.
    """
    pool = load_pool(home, plan.pool)
    by_output = classes_by_output(pool)
    ordered = [output for name in plan.datasets for output in by_output if output.dataset == name]
    task = pose_task(home, {output: by_output[output] for output in ordered})
    scoring = Scoring(pool, [module.output for module in pool], task, home, job_folder, reporter)
    selection = scoring.selection()
    numbered = list(enumerate(task.outputs))
    chosen_by_pair = {
        (first, second): published(selection.among((first, second)))
        for first, a in numbered
        for second, b in numbered
        if a.dataset == plan.datasets[0] and b.dataset == plan.datasets[1]
    }
    test = scoring.test(chosen_by_pair.values())
    reporter.log(f"{len(chosen_by_pair)} pairs, {len(pool)} modules")
    rows: list[dict[str, JsonValue]] = []
    for done, (pair, chosen) in enumerate(chosen_by_pair.items(), start=1):
        reporter.raise_if_cancelled()
        a, b = (task.outputs[output] for output in pair)
        from_scratch = None
        if plan.scratch is not None:
            from_scratch = _from_scratch(
                {output: by_output[output] for output in (a, b)},
                plan.scratch,
                [pool[row] for row in chosen.rows],
                home=home,
                folder=job_folder / f"scratch-{done}",
                reporter=reporter,
            )
        rows.append(
            {
                "a": a.name,
                "b": b.name,
                "modules": [pool[row].id for row in chosen.rows],
                "accuracy_test": accuracy_of(chosen, test.among(pair)),
                "scratch_accuracy_test": from_scratch,
            }
        )
        reporter.advance(STAGE, done=done, total=len(chosen_by_pair))
    mean = sum(cast("float", row["accuracy_test"]) for row in rows) / len(rows)
    reporter.log(f"Mean over {len(rows)} pairs: {mean:.2%} on the test parts")
    return Outcome(
        summary={
            "method": plan.method,
            "datasets": list(plan.datasets),
            "pool": pool_rows(pool, f1_by_row(selection)),
            "pairs": cast("list[JsonValue]", rows),
            "mean_accuracy_test": mean,
        }
    )


def _from_scratch(
    by_output: dict[TaskOutput, tuple[str, ...]],
    settings: ScratchSettings,
    chosen: list[PoolModule],
    *,
    home: Home,
    folder: Path,
    reporter: Reporter,
) -> float:
    """Train a network for one pair and return its accuracy on the test part, 0-1."""
    task = pose_task(home, by_output)
    trained = train_scratch(
        task,
        dataset_of_outputs(home, task),
        settings,
        architecture=settings.architecture or most_common_architecture(chosen),
        home=home,
        folder=folder,
        reporter=reporter,
    )
    return trained.accuracy_test
