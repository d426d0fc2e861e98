"""The command line: thin commands over the services."""

import sys

from modelfoundry.cli.commands import cli
from modelfoundry.cli.statuses import BAD_INPUT, FAILED
from modelfoundry.errors import InvalidInputError, ModelFoundryError, UnknownNameError
from modelfoundry.terminal import escaped


def main() -> None:
    """Run the command line; an error is one message and an exit status."""
    try:
        cli(prog_name="modelfoundry")
    except InvalidInputError as error:
        _complain(*map(str, error.listed))
        sys.exit(BAD_INPUT)
    except UnknownNameError as error:
        _complain(str(error))
        sys.exit(BAD_INPUT)
    except ModelFoundryError as error:
        _complain(str(error))
        sys.exit(FAILED)
    except OSError as error:  # a disk or a file that refuses, wherever a command meets it
        place = "" if error.filename is None else f"{error.filename}: "
        _complain(f"{place}{error.strerror or error}")
        sys.exit(FAILED)


def _complain(*messages: str) -> None:
    for message in messages:
        sys.stderr.write(escaped(f"modelfoundry: {message}\n"))
