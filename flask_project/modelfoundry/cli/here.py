"""Run jobs in the terminal's own process."""

import sys
import threading

from modelfoundry.bootstrap import Services
from modelfoundry.cli.display import console, follow, show_facts, show_modules, show_result
from modelfoundry.cli.statuses import STOPPED
from modelfoundry.errors import ModelFoundryError
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.work import work_on
from modelfoundry.pipelines.registry import PIPELINES


def run_here(services: Services, job: Job) -> Job:
    """Do a running job in this process, showing its progress, and return it once succeeded.

    Ctrl-C cancels it between two batches.

    Raises:
        ModelFoundryError: The job failed.
        SystemExit: The job was cancelled or interrupted; it can be resumed.
    """
    display = threading.Thread(target=follow, args=(services.jobs, job.id), daemon=True)
    display.start()
    stores = services.stores
    ended = work_on(
        job,
        home=services.settings.home,
        jobs=stores.jobs,
        modules=stores.modules,
        pipelines=PIPELINES,
    )
    display.join()
    if ended.state == "failed":
        raise ModelFoundryError(f"job {ended.id} failed: {ended.error}")
    if ended.state != "succeeded":
        sys.stderr.write(
            f"job {ended.id} is {ended.state}; resume it with: modelfoundry jobs retry {ended.id} "
            "(add --here to run it in this terminal)\n"
        )
        sys.exit(STOPPED)
    return ended


def show_outcome(services: Services, job: Job) -> None:
    """Print what a succeeded job has brought."""
    modules = [services.modules.get(module_id) for module_id in job.modules]
    match modules:
        case []:
            show_facts(job.result or {})
        case [module]:
            show_result(module.manifest.model_dump())
            folder = services.modules.folder(module.id)
            console.print(f"The module is in {folder}", soft_wrap=True)
        case _:
            show_modules(modules)
