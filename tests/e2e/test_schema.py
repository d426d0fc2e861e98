import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.servers import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

EXAMPLES = 2  # of each operation, good and bad ones
AT_MOST_S = 60  # a busy machine gets less far
ANSWER_WITHIN_S = 120
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "home")
    yield server
    server.stop()


def test_no_request_gets_a_failure_or_an_answer_that_is_not_described(
    server: Server, tmp_path: Path
):
    tool = Path(sys.executable).with_name("schemathesis")
    command = [str(tool), "run", f"{server.url}/api/v1/openapi.json", "--checks", ",".join(CHECKS)]
    command += ["--phases", "coverage,fuzzing,stateful", "--max-examples", str(EXAMPLES)]
    command += ["--max-time", str(AT_MOST_S), "--request-timeout", str(ANSWER_WITHIN_S)]
    command += ["--generation-deterministic"]
    command += ["--warnings", "off", "--no-color"]

    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout
    assert "No issues found" in found.stdout
