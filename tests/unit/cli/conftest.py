from collections.abc import Callable
from pathlib import Path

import pytest
from tests.homes import add_model

from modelfoundry.cli import main
from modelfoundry.settings import Home

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MODELFOUNDRY_HOME", str(tmp_path))
    monkeypatch.setattr("modelfoundry.cli.display.console.width", 200)
    home = Home(tmp_path)
    add_model(home)
    return home


@pytest.fixture
def run(
    home: Home,  # noqa: ARG001 - the commands find it by the environment
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run a command line; give its status and what it wrote to both streams."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["modelfoundry", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        written = capsys.readouterr()
        return int(end.value.code or 0), written.out, written.err

    return run
