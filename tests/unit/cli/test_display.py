from typing import Any

import pytest
from tests.homes import manifest

from modelfoundry.cli.display import EventDisplay, show_outlook, show_result, show_table
from modelfoundry.services.estimates import Estimate
from modelfoundry.services.sweeps import SweepOutlook

INT8 = {
    "accuracy_validation": 0.9,
    "accuracy_test": 0.925,
    "file_size_bytes": 1024,
    "latency_ms": {"1": 0.25},
    "float_latency_ms": {"1": 0.5},
}


def shown(capsys: pytest.CaptureFixture[str], **facts: Any) -> dict[str, list[str]]:
    """Print a module's result; the words of the last line that begins with each word."""
    show_result(manifest("toy-3-0a1b2c3d") | facts)
    lines = [line.strip("┃│ ").split() for line in capsys.readouterr().out.splitlines()]
    return {words[0]: words for words in lines if words}


def test_work_of_days_is_announced_in_days(capsys: pytest.CaptureFixture[str]):
    cost = Estimate(seconds=273_700, num_like=3, disk_bytes=None, free_bytes=0)

    show_outlook(SweepOutlook(title="A sweep", num_jobs=9, notes=[], estimate=cost))

    assert "About 3 d 4 h, going by earlier jobs." in capsys.readouterr().out


def test_a_result_shows_the_int8_file_beside_the_float_file(capsys: pytest.CaptureFixture[str]):
    assert "int8" not in shown(capsys)

    lines = shown(capsys, int8=INT8)

    assert lines["int8"] == ["int8", "float", "int8", "change"]
    assert lines["Latency,"][-2:] == ["ms", "-50.0%"]


def test_the_int8_file_is_compared_with_the_original_by_way_of_the_float_file(
    capsys: pytest.CaptureFixture[str],
):
    measures = manifest("toy")["measures"]
    measures["module"] |= {"latency_ms": {"1": 0.125}}  # the original takes 0.5 ms

    lines = shown(capsys, int8=INT8, measures=measures)

    assert lines["Times"][-5:] == ["batch", "of", "1", "4.0", "8.0"]


def test_text_of_strangers_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]):
    show_table(("a column that is wide enough",), [["a\x1b]0;forged"], ["[red]b[/] :cat:"]])
    show_result(manifest("toy-3-0a1b2c3d") | {"title": "[/]\x1b[2J"})
    with EventDisplay() as display:
        display.show("log", {"level": "info", "message": "[c]\x9bd"})

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert r"a\x1b]0;forged" in out
    assert "[red]b[/] :cat:" in out
    assert r"[/]\x1b[2J: toy-3-0a1b2c3d" in out
    assert r"[c]\x9bd" in out


def test_an_empty_table_says_so_beside_what_other_programs_read(capsys: pytest.CaptureFixture[str]):
    show_table(("id", "title"), [])

    printed = capsys.readouterr()
    assert printed.out.split() == ["id", "title"]
    assert printed.err == "none\n"
