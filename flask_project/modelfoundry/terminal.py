"""What is written to a terminal, where text of strangers must stay text.

Names of files, models and classes come from whoever sent them, and a terminal obeys control
characters: it clears the screen, moves the cursor, or shows a line other than it is.
"""

import logging
import re

# Controls but for tab and line feed, what turns the direction of writing, lone surrogates.
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def escaped(text: str) -> str:
    r"""Write each character that a terminal would obey by its number.

    Example:
        >>> escaped("cat\x1b[2J")
        'cat\\x1b[2J'
    """
    return OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


class LineFormatter(logging.Formatter):
    """One line for people; the traceback of an error follows it."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write the line, and the traceback if there is one."""
        return escaped(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line alone."""
        return super().formatMessage(record).replace("\n", "\\n")
