from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.homes import add_bundle
from tests.pools import add_pool, more_accurate_result

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.client import Client, Fault, ProblemError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.settings import Home

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


@pytest.fixture
def python_client(services: Services) -> Iterator[Client]:
    """The Python client, talking to the application without a network."""
    with Client("http://127.0.0.1", transport=httpx.WSGITransport(create_app(services))) as client:
        yield client


def test_the_catalogue_can_be_read(python_client: Client):
    assert "toy" in [model["name"] for model in python_client.models()]
    assert "digits" in [dataset["name"] for dataset in python_client.datasets()]
    assert python_client.algorithms(model="toy")[0]["default_preset"] == "fast"


def test_cards_can_be_searched_with_several_values_of_a_facet(python_client: Client):
    found = python_client.cards("3", model=["toy", "nope"])

    assert {card["model"] for card in found["items"]} == {"toy"}


def test_a_submission_is_a_job_that_can_be_cancelled_and_retried(python_client: Client):
    job = python_client.modularize("toy", ["3"], settings={"epochs": 1})

    assert job["request"]["settings"]["epochs"] == 1
    assert python_client.cancel(job["id"])["state"] == "cancelled"
    assert python_client.retry(job["id"])["state"] == "queued"


def test_a_refusal_carries_every_fault(python_client: Client):
    with pytest.raises(ProblemError) as refused:
        python_client.modularize("toy", ["3"], settings={"epochs": 0, "lr_mask": 9})

    assert refused.value.status == 422
    assert [fault.pointer for fault in refused.value.faults] == [
        "/settings/epochs",
        "/settings/lr_mask",
    ]
    assert isinstance(refused.value.faults[0], Fault)


def test_events_are_followed_to_the_end(python_client: Client):
    job = python_client.modularize("toy", ["3"])
    python_client.cancel(job["id"])

    states = [event["data"]["state"] for event in python_client.events(job["id"])]

    assert states == ["queued", "cancelled"]


def test_following_from_the_last_event_ends_at_once(python_client: Client):
    job = python_client.modularize("toy", ["3"])
    python_client.cancel(job["id"])

    assert list(python_client.events(job["id"], after=2)) == []


def test_waiting_for_a_job_that_fails_raises_its_error(python_client: Client, services: Services):
    job = python_client.modularize("toy", ["3"])
    services.stores.jobs.claim(RUNNER)
    services.stores.jobs.move(job["id"], lambda job: job.fail("no room", now=utc_now()))

    with pytest.raises(ProblemError, match="is failed: no room"):
        python_client.wait(job["id"])


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    folder = add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize("format_", ["onnx", "zip", "manifest"])
def test_a_download_is_checked_and_saved(python_client: Client, tmp_path: Path, format_: str):
    path = python_client.download("toy-3-0a1b2c3d", format_, tmp_path / "file")

    assert path.stat().st_size > 0
    assert python_client.modules()["total"] == 1


def test_a_damaged_download_is_refused_and_not_saved(
    python_client: Client, tmp_path: Path, bundle: Path
):
    (bundle / "module.onnx").write_bytes(b"the ONNX file")  # no longer what the manifest says

    with pytest.raises(ProblemError, match="was damaged on the way"):
        python_client.download("toy-3-0a1b2c3d", "onnx", tmp_path / "m.onnx")

    assert [path.name for path in tmp_path.glob("m.onnx*")] == []


def test_a_file_that_is_gone_is_a_problem(python_client: Client, tmp_path: Path, bundle: Path):
    (bundle / "module.onnx").unlink()

    with pytest.raises(ProblemError) as gone:
        python_client.download("toy-3-0a1b2c3d", "onnx", tmp_path / "m.onnx")

    assert gone.value.status == 410


class Unreliable(httpx.BaseTransport):
    """Breaks the first event stream off after one event."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.asked_after: list[str] = []
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if "Last-Event-ID" in request.headers:
            self.asked_after.append(request.headers["Last-Event-ID"])
        if self.asked_after == ["0"]:
            return httpx.Response(200, stream=BrokenOff(answer.read()))
        return answer


class BrokenOff(httpx.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        connected, first = self._content.split(b"\n\n")[:2]
        yield connected + b"\n\n" + first + b"\n\n"
        raise httpx.ReadError("connection lost")


def test_a_lost_connection_is_taken_up_where_it_broke_off(services: Services):
    transport = Unreliable(httpx.WSGITransport(create_app(services)))
    client = Client("http://127.0.0.1", transport=transport)
    job = client.modularize("toy", ["3"])
    client.cancel(job["id"])

    states = [event["data"]["state"] for event in client.events(job["id"])]

    assert states == ["queued", "cancelled"]
    assert transport.asked_after == ["0", "1"]


def test_a_sweep_can_be_checked_made_followed_cancelled_and_retried(python_client: Client):
    planned = python_client.sweep(["toy"], grid={"alpha": [1, 2]}, dry_run=True)
    sweep = python_client.sweep(["toy"], [{"classes": ["3"]}], grid={"alpha": [1, 2]})

    assert (planned["num_jobs"], sweep["members"]) == (20, {"queued": 2})
    assert python_client.cancel_sweep(sweep["id"])["state"] == "cancelled"
    report = python_client.wait_for_sweep(sweep["id"])
    assert [row["settings"] for row in report["rows"]] == [{"alpha": 1.0}, {"alpha": 2.0}]
    assert python_client.retry_sweep(sweep["id"])["state"] == "queued"
    assert python_client.sweeps()["total"] == 1


def test_models_can_be_trained_alone_and_as_a_group(python_client: Client):
    job = python_client.train("mine", "simcnn-w0.25", "digits", subset_seed=3, epochs=2)
    plan = python_client.estimators(["simcnn-w0.25"], "digits", [1, 2], dry_run=True)
    sweep = python_client.estimators(["simcnn-w0.25"], "digits", [1, 2], epochs=2)

    assert (job["kind"], job["request"]["subset"]["seed"]) == ("train", 3)
    assert plan["num_jobs"] == 2
    trainings = python_client.sweep_report(sweep["id"])["trainings"]
    assert [training["subset_seed"] for training in trainings] == [1, 2]


def test_modules_can_be_put_together_and_the_result_read(
    python_client: Client, services: Services, home: Home
):
    pool = add_pool(home)
    outlook = python_client.reuse("more-accurate", models=["toy"], dry_run=True)
    job = python_client.reuse("more-accurate", modules=pool, rule="greedy", idempotency_key="mine")
    found = more_accurate_result(pool)
    services.stores.jobs.claim(RUNNER)
    services.stores.jobs.move(
        job["id"], lambda job: job.succeed(modules=(), result=found, now=utc_now())
    )

    assert [module["module"] for module in outlook["pool"]] == pool
    assert job["request"]["rule"] == "greedy"
    assert python_client.reuse_result(job["id"]) == found
