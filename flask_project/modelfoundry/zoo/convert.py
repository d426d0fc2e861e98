"""The sandboxed child that reads untrusted checkpoints: ``python -m modelfoundry.zoo.convert``.

Takes a request as JSON on standard input and answers in JSON on standard output; both are
declared, and this process is started, in :mod:`modelfoundry.zoo.sandbox`. Whatever goes wrong
beyond the faults it can name ends this process, which the parent reports.
"""

import ctypes
import resource
import sys
from pathlib import Path

from pydantic import TypeAdapter

from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.zoo.sandbox import Answer, ConversionRequest, Question

MEMORY_LIMIT_BYTES = 8 * 2**30
FILE_LIMIT_BYTES = 4 * 2**30
CPU_LIMIT_S = 120

NEW_USER_NAMESPACE = 0x10000000
NEW_NETWORK_NAMESPACE = 0x40000000


def main() -> None:
    """Confine this process, do the one thing asked for, and answer."""
    request: Question = TypeAdapter(Question).validate_json(sys.stdin.read())
    leave_network()
    # Only now: a process with threads, which torch starts, can no longer enter a namespace.
    from modelfoundry.zoo.checkpoint import convert  # noqa: PLC0415
    from modelfoundry.zoo.preview import preview  # noqa: PLC0415

    limit_resources()
    try:
        if isinstance(request, ConversionRequest):
            answer = Answer(report=convert(request))
        else:
            answer = Answer(preview=preview(request))
    except InvalidInputError as error:
        answer = Answer(fault="; ".join(fault.message for fault in error.faults))
    except StorageError as error:
        answer = Answer(disk_fault=str(error))
    sys.stdout.write(answer.model_dump_json())


def leave_network() -> bool:
    """Move this process where there is no network, if the system lets us.

    It is a second line of defence: the loader runs no code from the file in the first place.
    """
    unshare = ctypes.CDLL(None).unshare
    return any(
        unshare(flags) == 0
        for flags in (NEW_NETWORK_NAMESPACE, NEW_USER_NAMESPACE | NEW_NETWORK_NAMESPACE)
    )


def limit_resources() -> None:
    """Cap memory, processor time and file size of this process for good."""
    pages_held = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages_held * resource.getpagesize() + MEMORY_LIMIT_BYTES
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, FILE_LIMIT_BYTES),
        (resource.RLIMIT_CPU, CPU_LIMIT_S),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


if __name__ == "__main__":
    main()
