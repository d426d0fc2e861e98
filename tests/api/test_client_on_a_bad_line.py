"""The Python client where the server is busy or the connection breaks off."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.homes import add_bundle

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.client import Client, ProblemError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"
CONTENT = b"the onnx file"


class Line(httpx.BaseTransport):
    """The way to a server, on which answers are exchanged for others, the first ones first."""

    def __init__(self, services: Services) -> None:
        self.asked_from: list[str | None] = []
        self.exchange: list[Callable[[httpx.Response], httpx.Response]] = []
        self._inner = httpx.WSGITransport(create_app(services))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked_from.append(request.headers.get("Range"))
        answer = self._inner.handle_request(request)
        return self.exchange.pop(0)(answer) if self.exchange else answer


class BrokenOff(httpx.SyncByteStream):
    """Content that is lost after some bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("connection lost")


def busy(status: int, **headers: str) -> Callable[[httpx.Response], httpx.Response]:
    return lambda _: httpx.Response(status, headers=headers, json={"detail": "busy"})


def broken_off(after: int) -> Callable[[httpx.Response], httpx.Response]:
    return lambda answer: httpx.Response(
        answer.status_code, headers=answer.headers, stream=BrokenOff(answer.read()[:after])
    )


@pytest.fixture
def line(services: Services, home: Home) -> Line:
    add_bundle(home, ID)
    adopt_bundles(home, services.stores.modules)
    return Line(services)


@pytest.fixture
def slept() -> list[float]:
    """For how long the client has waited, instead of its waiting."""
    return []


@pytest.fixture
def client(line: Line, slept: list[float]) -> Client:
    return Client("http://127.0.0.1", transport=line, sleep=slept.append)


def test_a_server_that_asks_for_patience_is_asked_again_when_it_says(client, line, slept):
    line.exchange = [busy(429, **{"Retry-After": "7"}), busy(503, **{"Retry-After": "2"})]

    assert client.modules()["total"] == 1
    assert slept == [7, 2]


def test_where_no_time_is_named_the_waits_grow(client, line, slept):
    line.exchange = [busy(503)] * 3

    assert client.modules()["total"] == 1
    assert slept == [2, 4, 8]


def test_a_server_that_stays_busy_is_given_up(client, line, slept):
    line.exchange = [busy(503)] * 9

    with pytest.raises(ProblemError) as refused:
        client.modules()

    assert refused.value.status == 503
    assert len(slept) == 4


def test_a_refusal_is_final(client, line, slept):
    with pytest.raises(ProblemError):
        client.job("nope")

    assert (len(line.asked_from), slept) == (1, [])


def test_a_download_that_breaks_off_goes_on_where_it_was(client, line, tmp_path: Path):
    line.exchange = [broken_off(after=4), broken_off(after=3)]

    path = client.download(ID, "onnx", tmp_path / "m.onnx")

    assert path.read_bytes() == CONTENT
    assert line.asked_from == [None, "bytes=4-", "bytes=7-"]
    assert [file.name for file in tmp_path.glob("m.onnx*")] == ["m.onnx"]


def test_a_download_that_was_given_up_goes_on_at_the_next_call(client, line, tmp_path: Path):
    line.exchange = [broken_off(after=4), *[broken_off(after=0)] * 4]
    with pytest.raises(httpx.TransportError):
        client.download(ID, "onnx", tmp_path / "m.onnx")
    del line.asked_from[:]

    path = client.download(ID, "onnx", tmp_path / "m.onnx")

    assert path.read_bytes() == CONTENT
    assert line.asked_from == ["bytes=4-"]


def test_what_is_left_of_another_file_is_fetched_anew(client, tmp_path: Path):
    (tmp_path / f"m.onnx.{'0' * 64}.part").write_bytes(b"another")

    path = client.download(ID, "onnx", tmp_path / "m.onnx")

    assert path.read_bytes() == CONTENT
    assert [file.name for file in tmp_path.glob("m.onnx*")] == ["m.onnx"]


def test_a_download_that_was_complete_but_for_its_name_is_completed(client, line, tmp_path: Path):
    line.exchange = [broken_off(after=len(CONTENT))]

    assert client.download(ID, "onnx", tmp_path / "m.onnx").read_bytes() == CONTENT


def test_files_of_a_module_are_verified_alone_and_in_a_folder(client, home: Home):
    folder = home.modules / ID

    assert client.verify(ID, folder / "README.md") == ["README.md"]
    assert sorted(client.verify(ID, folder)) == ["README.md", "module.onnx"]


def test_the_zip_of_all_files_is_verified(client, tmp_path: Path):
    whole = client.download(ID, "zip", tmp_path / "module.zip")

    assert sorted(client.verify(ID, whole)) == ["README.md", "module.onnx"]


def test_a_zip_with_another_file_in_it_is_not_verified(client, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "module.zip", "w") as archive:
        archive.writestr(f"{ID}/README.md", "another")
        archive.writestr(f"{ID}/module.onnx", "another")

    with pytest.raises(ProblemError, match=f"is not what {ID} has"):
        client.verify(ID, tmp_path / "module.zip")


def test_a_file_that_is_missing_from_a_folder_is_not_verified(client, home: Home):
    (home.modules / ID / "module.onnx").unlink()

    with pytest.raises(ProblemError, match=r"module\.onnx is missing"):
        client.verify(ID, home.modules / ID)
