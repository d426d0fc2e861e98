"""Turn what was written for a terminal into lines of a log."""

import re

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown_lines(text: str) -> list[str]:
    r"""Split a text into the lines that a terminal would show in the end.

    A progress bar writes itself over and over after a carriage return; only its last form is kept.

    Example:
        >>> shown_lines("loading\n10%\r100%\n")
        ['loading', '100%']
    """
    lines = ESCAPE.sub("", text).rstrip("\r\n").split("\n")
    return [line.rstrip("\r").rpartition("\r")[2] for line in lines]
