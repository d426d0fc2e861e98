import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.errors import InvalidInputError, WrongStateError
from modelfoundry.jobs.model import ProcessId
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.requests import ModularizeRequest, Target

TERMINAL = ProcessId(pid=1, started=0.0, launcher="command line")


def request(class_name: str = "3") -> ModularizeRequest:
    return ModularizeRequest(model="toy", target=Target(classes=(class_name,)))


def test_a_submitted_job_is_queued_with_the_whole_plan(services: Services):
    job = services.jobs.submit(request())

    assert (job.kind, job.state, job.title) == ("modularize", "queued", "3 from Toy network")
    assert job.plan["preset"] == "fast"


def test_a_faulty_request_makes_no_job(services: Services):
    with pytest.raises(InvalidInputError):
        services.jobs.submit(request("cat"))

    assert services.jobs.page().total == 0


def test_a_job_begun_by_a_terminal_is_never_queued(services: Services):
    job = services.jobs.begin(request(), TERMINAL)

    assert job.state == "running"
    assert services.stores.jobs.claim(TERMINAL) is None


def test_the_same_key_and_request_give_the_same_job(services: Services):
    first = services.jobs.submit(request(), idempotency_key="a")

    assert services.jobs.submit(request(), idempotency_key="a").id == first.id
    with pytest.raises(WrongStateError, match="use a new Idempotency-Key"):
        services.jobs.submit(request("4"), idempotency_key="a")


def test_a_cancelled_job_can_be_retried(services: Services):
    job = services.jobs.submit(request())

    assert services.jobs.cancel(job.id).state == "cancelled"
    assert services.jobs.retry(job.id).state == "queued"


def test_a_retry_in_the_terminal_leaves_nothing_for_a_runner(services: Services):
    job = services.jobs.submit(request())
    services.jobs.cancel(job.id)

    assert services.jobs.resume_here(job.id, TERMINAL).state == "running"
    assert services.stores.jobs.claim(TERMINAL) is None


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_a_job_that_a_closed_terminal_left_running_is_free_again(services: Services, act: str):
    job = services.jobs.begin(request(), TERMINAL)  # process 1 began later than 1970

    getattr(services.jobs, act)(job.id)


def test_a_job_that_a_terminal_works_on_is_not_retried(services: Services):
    job = services.jobs.begin(request(), this_process("command line"))

    with pytest.raises(WrongStateError, match="it is running"):
        services.jobs.retry(job.id)
