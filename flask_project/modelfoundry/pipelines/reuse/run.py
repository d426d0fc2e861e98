"""The pipeline of every job that reuses what exists."""

from pathlib import Path
from typing import assert_never

from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse import every_pair, finetune, more_accurate, new_task, patch
from modelfoundry.pipelines.reuse_requests import (
    AnyReusePlan,
    EveryPairPlan,
    MoreAccuratePlan,
    NewTaskPlan,
    PatchPlan,
)
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home


def run(plan: AnyReusePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Reuse modules or a model; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    match plan.root:
        case MoreAccuratePlan() as wanted:
            return more_accurate.run(wanted, home=home, job_folder=job_folder, reporter=reporter)
        case NewTaskPlan() as wanted:
            return new_task.run(wanted, home=home, job_folder=job_folder, reporter=reporter)
        case EveryPairPlan() as wanted:
            return every_pair.run(wanted, home=home, job_folder=job_folder, reporter=reporter)
        case PatchPlan() as wanted:
            return patch.run(wanted, home=home, job_folder=job_folder, reporter=reporter)
        case FinetunePlan() as wanted:
            return finetune.run(wanted, home=home, job_folder=job_folder, reporter=reporter)
        case _ as unknown:
            assert_never(unknown)
