"""Run the members of a sweep in the terminal's own process, one after the other."""

import sys
import time
from contextlib import suppress

from modelfoundry.bootstrap import Services
from modelfoundry.cli.statuses import STOPPED
from modelfoundry.cli.sweep_display import SweepDisplay
from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.processes import this_process
from modelfoundry.jobs.work import work_on
from modelfoundry.pipelines.registry import PIPELINES

POLL_S = 0.5


def run_sweep_here(services: Services, sweep_id: str) -> None:
    """Work until all members are over, showing progress; one that fails does not stop the others.

    A server on the same data folder takes members too. Ctrl-C cancels all that is left.

    Raises:
        SystemExit: The sweep was stopped; it can be resumed.
    """
    with SweepDisplay(services.sweeps, sweep_id):
        try:
            is_done = _work(services, sweep_id)
        except KeyboardInterrupt:  # between two members
            is_done = False
            _give_up(services, sweep_id)
    if not is_done:
        sys.stderr.write(
            f"sweep {sweep_id} was stopped; go on with: modelfoundry sweeps retry {sweep_id} "
            "(add --here to run it in this terminal)\n"
        )
        sys.exit(STOPPED)


def _work(services: Services, sweep_id: str) -> bool:
    """Tell whether all members are over, rather than stopped by a signal."""
    stores = services.stores
    me = this_process("command line")
    while True:
        job = services.sweeps.claim(sweep_id, me)
        if job is None:
            sweep = services.sweeps.get(sweep_id)
            if sweep.num_over == sweep.num_jobs:
                return True
            time.sleep(POLL_S)  # a server has the rest
            continue
        ended = work_on(
            job,
            home=services.settings.home,
            jobs=stores.jobs,
            modules=stores.modules,
            pipelines=PIPELINES,
        )
        if ended.state == "cancelled" and not ended.cancel_requested:  # by Ctrl-C
            _give_up(services, sweep_id)
            return False
        if ended.state == "interrupted":
            return False


def _give_up(services: Services, sweep_id: str) -> None:
    with suppress(WrongStateError):  # it was the last one
        services.sweeps.cancel(sweep_id)
