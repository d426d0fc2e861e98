import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.errors import InvalidInputError, WrongStateError
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.requests import Target
from modelfoundry.services.sweep_request import SweepRequest

TERMINAL = ProcessId(pid=1, started=0.0, launcher="command line")  # process 1 began later
RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def request(*classes: str) -> SweepRequest:
    targets = tuple(Target(classes=(name,)) for name in classes or ("3", "4", "5"))
    return SweepRequest(models=("toy",), targets=targets)


def test_a_submitted_sweep_queues_every_member_in_order(services: Services):
    sweep = services.sweeps.submit(request())

    titles = [job.title for job in services.stores.sweeps.jobs(sweep.id)]
    assert titles == [f"{digit} from Toy network" for digit in (3, 4, 5)]
    assert (sweep.state, sweep.members) == ("queued", {"queued": 3})


def test_a_faulty_sweep_queues_nothing(services: Services):
    with pytest.raises(InvalidInputError):
        services.sweeps.submit(request("3", "cat"))

    assert (services.sweeps.page().total, services.jobs.page().total) == (0, 0)


def test_the_same_key_and_request_give_the_same_sweep(services: Services):
    first = services.sweeps.submit(request(), idempotency_key="a")

    assert services.sweeps.submit(request(), idempotency_key="a").id == first.id
    with pytest.raises(WrongStateError, match="use a new Idempotency-Key"):
        services.sweeps.submit(request("3"), idempotency_key="a")


def test_a_member_that_fails_leaves_the_others_to_finish(services: Services):
    sweep = services.sweeps.submit(request("3", "4"))
    first = services.stores.jobs.claim(RUNNER)
    assert first is not None
    services.stores.jobs.move(first.id, lambda job: job.fail("no room", now=utc_now()))

    report = services.sweeps.report(sweep.id)

    assert [(row.target, row.state, row.error) for row in report.rows] == [
        ("3", "failed", "no room"),
        ("4", "queued", None),
    ]
    assert report.sweep.state == "running"


def test_cancelling_ends_what_has_not_ended(services: Services):
    sweep = services.sweeps.submit(request())
    running = services.stores.jobs.claim(RUNNER)
    assert running is not None

    cancelled = services.sweeps.cancel(sweep.id)

    assert cancelled.members == {"running": 1, "cancelled": 2}
    assert services.jobs.get(running.id).cancel_requested


def test_retrying_queues_all_but_the_members_that_succeeded(services: Services):
    sweep = services.sweeps.submit(request())
    done = services.stores.jobs.claim(RUNNER)
    assert done is not None
    services.stores.jobs.move(
        done.id, lambda job: job.succeed(modules=(), result={}, now=utc_now())
    )
    services.sweeps.cancel(sweep.id)

    assert services.sweeps.retry(sweep.id).members == {"succeeded": 1, "queued": 2}


def test_there_must_be_something_to_cancel_or_to_retry(services: Services):
    sweep = services.sweeps.submit(request())

    with pytest.raises(WrongStateError, match="no member of it failed"):
        services.sweeps.retry(sweep.id)
    services.sweeps.cancel(sweep.id)
    with pytest.raises(WrongStateError, match=r"it is over \(cancelled\)"):
        services.sweeps.cancel(sweep.id)


def test_a_terminal_takes_over_what_a_killed_terminal_left(services: Services):
    sweep = services.sweeps.submit(request())
    left = services.sweeps.claim(sweep.id, TERMINAL)
    assert left is not None

    resumed = services.sweeps.resume_here(sweep.id)

    assert resumed.members == {"queued": 3}
    assert services.jobs.get(left.id).attempts[0].state == "interrupted"


def test_a_terminal_goes_on_with_a_member_that_a_stopped_server_left(services: Services):
    sweep = services.sweeps.submit(request("3"))
    left = services.stores.jobs.claim(RUNNER)
    assert left is not None
    services.stores.jobs.move(left.id, lambda job: job.interrupt("x", died=False, now=utc_now()))

    claimed = services.sweeps.claim(sweep.id, TERMINAL)

    assert claimed is not None
    assert (claimed.id, claimed.attempt_number, claimed.state) == (left.id, 2, "running")


def test_a_terminal_goes_on_with_a_member_whose_server_was_killed(services: Services):
    sweep = services.sweeps.submit(request("3"))
    services.stores.jobs.claim(RUNNER)

    claimed = services.sweeps.claim(sweep.id, TERMINAL)

    assert claimed is not None
    assert [attempt.state for attempt in claimed.attempts] == ["interrupted", "running"]


def test_a_terminal_leaves_members_alone_that_others_work_on_or_that_wait_for_a_person(
    services: Services,
):
    sweep = services.sweeps.submit(request("3", "4"))
    services.stores.jobs.claim(this_process("runner"))
    failed = services.stores.jobs.claim(RUNNER)
    assert failed is not None
    services.stores.jobs.move(failed.id, lambda job: job.fail("no room", now=utc_now()))

    assert services.sweeps.claim(sweep.id, TERMINAL) is None
    assert services.sweeps.get(sweep.id).members == {"running": 1, "failed": 1}


def test_an_estimate_needs_an_earlier_job(services: Services):
    outlook = services.sweeps.check(request())

    assert (outlook.num_jobs, outlook.estimate.seconds) == (3, None)
