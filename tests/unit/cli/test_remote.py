import json
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.servers import wait_until
from tests.homes import add_bundle, add_model
from tests.unit.cli.conftest import Command
from werkzeug.serving import make_server

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services, build_services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.jobs.store import NewEvent
from modelfoundry.services.tokens import NewToken
from modelfoundry.settings import Home, Settings

ID = "toy-3-0a1b2c3d"
RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")
SUBMIT = ("submit", "--model", "toy", "--target", "3")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The data folder of the server; the commands do not see it."""
    home = Home(tmp_path_factory.mktemp("server"))
    add_model(home)
    add_bundle(home, ID)
    return home


@pytest.fixture(scope="module")
def services(home: Home) -> Services:
    services = build_services(Settings(home=home, login="required"))
    adopt_bundles(home, services.stores.modules)
    return services


@pytest.fixture(scope="module")
def server(services: Services) -> Iterator[str]:
    """A server that wants a login, on a free port."""
    serving = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of somebody who has not logged in anywhere."""
    folder = tmp_path / "somebody"
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("modelfoundry.cli.display.console.width", 200)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run_there(run: Command, server: str, services: Services, user: Path) -> Command:  # noqa: ARG001 - logins are kept there
    """Run a command line as somebody who has logged in and may submit."""
    secret = services.tokens.create(NewToken(name="me", scope="submit")).secret
    assert run("login", server, "--token", secret)[0] == 0
    return run


def log(message: str, level: str = "info") -> NewEvent:
    return NewEvent("log", {"level": level, "message": message}, utc_now())


def submitted(run_there: Command) -> str:
    _, out, _ = run_there(*SUBMIT)
    return out.split()[1]


def test_a_login_is_kept_where_only_its_owner_can_read_it(run_there: Command, user: Path):
    file = user / ".config/modelfoundry/logins.json"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run_there("whoami")[1].endswith(": me, may submit\n")


def test_an_unknown_token_is_refused_and_not_kept(run: Command, server: str, user: Path):
    status, _, err = run("login", server, "--token", "mf_wrong")

    assert status == 2
    assert "does not know this token" in err
    assert not user.exists()


def test_who_has_logged_out_is_told_how_to_log_in(run_there: Command, server: str):
    run_there("logout", server)

    status, _, err = run_there("search", "--server", server)

    assert status == 1
    assert f"log in with: modelfoundry login {server}" in err


@pytest.mark.usefixtures("user")
def test_a_server_that_does_not_answer_is_named_with_the_way_out(run: Command):
    status, _, err = run("search", "--server", "http://127.0.0.1:9")

    assert status == 1
    assert err.startswith("modelfoundry: cannot reach http://127.0.0.1:9: ")
    assert "modelfoundry serve" in err


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("url", ["foundry.example.org", "ftp://host"])
def test_what_is_no_url_is_refused_with_an_example(run: Command, url: str):
    status, _, err = run("login", url, "--token", "mf_x")

    assert status == 2
    assert f"'{url}' is not the URL of a server, such as http://127.0.0.1:8000" in err


@pytest.mark.usefixtures("user")
def test_a_login_at_a_server_that_is_another_program_is_refused(run: Command, server: str):
    status, _, err = run("login", f"{server}/elsewhere", "--token", "mf_x")

    assert (status, err.count("\n")) == (1, 1)
    assert "/elsewhere/api/v1/session answers, but not as a ModelFoundry server does" in err


def test_a_damaged_file_of_logins_is_named(run: Command, user: Path):
    file = user / ".config/modelfoundry/logins.json"
    file.parent.mkdir(parents=True)
    file.write_text("{")

    status, _, err = run("whoami")

    assert (status, err) == (1, f"modelfoundry: {file} is damaged; delete it, and log in again\n")


def test_cards_are_searched(run_there: Command):
    _, out, _ = run_there("search", "3", "--ready")

    assert [line.split()[-1] for line in out.splitlines()] == ["id", ID]


def test_a_job_is_submitted_and_cancelled_and_queued_again(run_there: Command):
    job_id = submitted(run_there)

    assert run_there("cancel", job_id)[1] == f"job {job_id} is cancelled\n"
    assert run_there("retry", job_id)[1] == f"job {job_id} is queued\n"


def test_every_fault_of_a_submission_is_one_line(run_there: Command):
    status, _, err = run_there(*SUBMIT, "--set", "alpha=-1", "--set", "colour=red")

    assert status == 2
    assert [line.split(":")[1].strip() for line in err.splitlines()] == [
        "settings.alpha",
        "settings.colour",
    ]


def test_what_does_not_exist_on_the_server_is_bad_input(run_there: Command):
    status, _, err = run_there("cancel", "nope")

    assert (status, err) == (
        2,
        "modelfoundry: no job named 'nope'; all are listed by: modelfoundry jobs list\n",
    )


def test_work_of_any_kind_can_be_asked_for_as_json(run_there: Command, tmp_path: Path):
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"model": "toy"}))

    assert " is queued: " in run_there("submit-json", "evaluate", str(file))[1]


def test_a_file_that_is_not_json_is_refused_before_it_is_sent(run_there: Command, tmp_path: Path):
    file = tmp_path / "request.json"
    file.write_text("{")

    assert run_there("submit-json", "evaluate", str(file))[0] == 2


def test_watching_shows_the_log_and_how_the_job_ended(run_there: Command, services: Services):
    job_id = submitted(run_there)
    jobs = services.stores.jobs
    jobs.move(job_id, lambda job: job.start(RUNNER, now=utc_now()))
    jobs.append(job_id, 1, [log("half of it is done")])
    jobs.move(job_id, lambda job: job.fail("no room", now=utc_now()))

    status, out, err = run_there("watch", job_id)

    assert "half of it is done" in out
    assert (status, err) == (1, f"modelfoundry: job {job_id} failed: no room\n")


def test_a_log_is_printed_down_to_a_level(run_there: Command, services: Services):
    job_id = submitted(run_there)
    services.stores.jobs.move(job_id, lambda job: job.start(RUNNER, now=utc_now()))
    services.stores.jobs.append(job_id, 1, [log("quiet"), log("loud", "warning")])

    _, out, _ = run_there("logs", job_id, "--level", "warning")

    assert [line.split(maxsplit=1)[1] for line in out.splitlines()] == ["warning loud"]


def test_a_module_is_fetched_and_verified(run_there: Command, tmp_path: Path):
    _, out, _ = run_there("download", ID)

    fetched = tmp_path / f"{ID}.onnx"
    assert out == f"Saved {fetched.name}\n"
    assert run_there("verify", ID, str(fetched))[1] == "module.onnx is as on the server\n"


def test_a_module_is_fetched_into_a_folder(run_there: Command, tmp_path: Path):
    _, out, _ = run_there("download", ID, "--out", str(tmp_path))

    assert out == f"Saved {tmp_path / ID}.onnx\n"


def test_a_module_that_cannot_be_saved_is_one_line(run_there: Command, tmp_path: Path):
    status, _, err = run_there("download", ID, "--out", str(tmp_path / "none" / "here.onnx"))

    assert (status, err.count("\n")) == (1, 1)
    assert err.endswith("No such file or directory\n")


def test_a_file_that_was_changed_is_not_verified(run_there: Command, tmp_path: Path):
    run_there("download", ID)
    (tmp_path / f"{ID}.onnx").write_bytes(b"changed")

    status, _, err = run_there("verify", ID, f"{ID}.onnx")

    assert status == 1
    assert f"is not what {ID} has" in err


def test_modules_are_compared(run_there: Command):
    assert "Accuracy (test)" in run_there("compare", ID)[1]


def press_ctrl_c_once_followed(server: str, services: Services, *, in_thread: int) -> None:
    secret = services.tokens.create(NewToken(name="looks", scope="read")).secret
    login = {"Authorization": f"Bearer {secret}"}
    wait_until(lambda: "_event_streams 1.0" in httpx.get(f"{server}/metrics", headers=login).text)
    signal.pthread_kill(in_thread, signal.SIGINT)  # wakes it even where it waits for an answer


def test_ctrl_c_while_watching_leaves_the_job_running(
    run_there: Command, server: str, services: Services
):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    job_id = submitted(run_there)
    threading.Thread(
        target=press_ctrl_c_once_followed,
        args=(server, services),
        kwargs={"in_thread": threading.get_ident()},
    ).start()

    status, _, err = run_there("watch", job_id)

    assert status == 130
    assert err == f"job {job_id} goes on; end it with: modelfoundry cancel {job_id}\n"
    assert services.jobs.get(job_id).state == "queued"
