import hashlib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from modelfoundry.errors import DownloadError, UnreadableFileError
from modelfoundry.zoo.download import fetch

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NOBODY = "http://127.0.0.1:9/weights.pt"


class _Quiet(SimpleHTTPRequestHandler):
    def __init__(self, *args, folder: Path, **kwargs) -> None:
        super().__init__(*args, directory=str(folder), **kwargs)

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "weights.pt").write_bytes(CONTENT)
    listening = ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args, **kwargs: _Quiet(*args, folder=folder, **kwargs)
    )
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


def test_file_is_downloaded_and_checked(server: str, tmp_path: Path):
    destination = tmp_path / "downloads" / "weights.pt"

    assert fetch(f"{server}/weights.pt", destination, sha256_start=DIGEST[:8]) == destination
    assert destination.read_bytes() == CONTENT


def test_file_that_is_there_needs_no_network(tmp_path: Path):
    (tmp_path / "weights.pt").write_bytes(CONTENT)

    fetch(NOBODY, tmp_path / "weights.pt", sha256_start=DIGEST[:8])


def test_file_with_another_hash_is_refused(tmp_path: Path):
    (tmp_path / "weights.pt").write_bytes(b"other")

    with pytest.raises(UnreadableFileError, match=f"should begin with {DIGEST[:8]}"):
        fetch(NOBODY, tmp_path / "weights.pt", sha256_start=DIGEST[:8])


def test_without_network_the_message_says_which_file_to_put_where(tmp_path: Path):
    destination = tmp_path / "downloads" / "weights.pt"

    with pytest.raises(DownloadError) as failed:
        fetch(NOBODY, destination, sha256_start="12345678")

    assert NOBODY in str(failed.value)
    assert f"begins with 12345678) another way, put it at {destination}" in str(failed.value)
    assert list(destination.parent.iterdir()) == []


def test_file_that_the_server_lacks_is_no_download(server: str, tmp_path: Path):
    with pytest.raises(DownloadError, match="404"):
        fetch(f"{server}/other.pt", tmp_path / "other.pt", sha256_start="")
    assert not (tmp_path / "other.pt").exists()
