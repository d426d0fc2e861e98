"""The command line: thin commands over the services."""

import sys

from modelfoundry.cli.commands import cli
from modelfoundry.errors import InvalidInputError, ModelFoundryError, UnknownNameError

FAILED, BAD_INPUT = 1, 2


def main() -> None:
    """Run the command line; an error is one message and an exit status."""
    try:
        cli()
    except (InvalidInputError, UnknownNameError) as error:
        faults = error.faults if isinstance(error, InvalidInputError) else ()
        _complain(*(fault.message for fault in faults) if faults else (str(error),))
        sys.exit(BAD_INPUT)
    except ModelFoundryError as error:
        _complain(str(error))
        sys.exit(FAILED)


def _complain(*messages: str) -> None:
    for message in messages:
        sys.stderr.write(f"modelfoundry: {message}\n")
