import logging
import sys

import pytest

from modelfoundry.terminal import LineFormatter, escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cat\x1b[2J", r"cat\x1b[2J"),
        ("honest\rforged", r"honest\rforged"),
        ("\x9b31m", r"\x9b31m"),
        ("exe.\u202egpj", r"exe.\u202egpj"),
        ("half \ud83d", r"half \ud83d"),
    ],
    ids=["escape", "carriage return", "escape in one", "turned around", "surrogate"],
)
def test_what_a_terminal_would_obey_is_written_by_its_number(text: str, shown: str):
    assert escaped(text) == shown


def test_text_of_any_language_stays_as_it_is():
    text = "猫\u3000und Kätzchen 🐈\t50 %\n"
    assert escaped(text) == text


def record(message: str, *, error: BaseException | None = None) -> logging.LogRecord:
    info = error and (type(error), error, error.__traceback__)
    return logging.LogRecord("here", logging.INFO, "", 1, message, None, info or None)


def test_a_message_cannot_forge_a_second_line_of_the_log():
    line = LineFormatter().format(record("GET /a\nINFO here: GET /b\x1b[2J"))
    assert line == r"INFO here: GET /a\nINFO here: GET /b\x1b[2J"


def test_a_traceback_keeps_its_lines():
    try:
        sys.stdin.seek("\x1b")  # type: ignore[arg-type]
    except (TypeError, ValueError, OSError) as error:
        lines = LineFormatter().format(record("failed", error=error)).splitlines()
    assert lines[:2] == ["INFO here: failed", "Traceback (most recent call last):"]
