import pytest

from modelfoundry.jobs.lines import shown_lines


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("hello", ["hello"]),
        ("", [""]),
        ("one\ntwo\n", ["one", "two"]),
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("0%\r50%\r100%", ["100%"]),
        ("0%\r50%\r", ["50%"]),
        ("load\n0%\r99%\ndone", ["load", "99%", "done"]),
        ("\x1b[31mred\x1b[0m", ["red"]),
    ],
    ids=["a line", "nothing", "two", "of windows", "a bar", "at work", "amid lines", "colours"],
)
def test_a_log_has_the_lines_that_a_terminal_would_show_in_the_end(written: str, shown: list[str]):
    assert shown_lines(written) == shown
