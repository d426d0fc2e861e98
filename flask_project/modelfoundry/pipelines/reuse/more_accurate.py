"""A more accurate model out of modules of several: for each class, the one that knows it best."""

import time
from pathlib import Path

from pydantic import JsonValue

from modelfoundry.algorithms.reuse.choice import combinations, pick
from modelfoundry.algorithms.reuse.scores import f1_by_row
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.composed import Compared, bundle_composed
from modelfoundry.pipelines.reuse.composing import compose
from modelfoundry.pipelines.reuse.networks import open_model
from modelfoundry.pipelines.reuse.pool import load_pool, models_of
from modelfoundry.pipelines.reuse.reports import option_rows, pool_rows
from modelfoundry.pipelines.reuse.singles import measure_singles
from modelfoundry.pipelines.reuse.table import Scoring
from modelfoundry.pipelines.reuse.task import classes_by_output, pose_task
from modelfoundry.pipelines.reuse_requests import MoreAccuratePlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home


def run(plan: MoreAccuratePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Choose, compose and report; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    The best single model is the one that is best on the test part, so that the composition is
    compared with the best that choosing among the models could have reached.
    """
    started = time.monotonic()
    dataset = find_dataset(home, plan.dataset)
    pool = load_pool(home, plan.pool)
    by_output = classes_by_output(pool)
    ordered = sorted(by_output, key=lambda output: dataset.classes.index(by_output[output][0]))
    task = pose_task(home, {output: by_output[output] for output in ordered})
    reporter.log(
        f"{len(pool)} modules, {len(task.selection)} images to choose with, {len(task.test)} to "
        "report on"
    )
    scoring = Scoring(pool, [module.output for module in pool], task, home, job_folder, reporter)
    selection = scoring.selection()
    options = combinations(selection)
    chosen = pick(options, selection, rule=plan.rule)
    reporter.log(f"The rule {chosen.rule} is taken; reading the test part")
    test = scoring.test(options)

    singles = measure_singles(models_of(home, pool), task, home=home, reporter=reporter)
    best = max(singles, key=lambda single: single.accuracy_test)
    title = f"{dataset.title}, composed"
    composed = compose(chosen, pool, task, (selection, test), title=title, home=home)
    reporter.log(
        f"Composed: {composed.accuracy_test:.2%} on the test part; the best single model, "
        f"{best.model.name}: {best.accuracy_test:.2%}"
    )
    reporter.raise_if_cancelled()
    manifest = bundle_composed(
        plan,
        composed,
        Compared(
            best.model,
            open_model(home, best.model),
            best.accuracy_validation,
            best.accuracy_test,
        ),
        task=task,
        dataset=dataset,
        home=home,
        wall_s=time.monotonic() - started,
    )
    summary: dict[str, JsonValue] = {
        "method": plan.method,
        "classes": list(task.names),
        "pool": pool_rows(pool, f1_by_row(selection)),
        "options": option_rows(options, pool, (selection, test)),
        "singles": [single.as_json() for single in singles],
        "best_single": best.model.name,
        "chosen_rule": chosen.rule,
        "module": manifest["id"],
    }
    return Outcome(modules=(manifest["id"],), summary=summary)
