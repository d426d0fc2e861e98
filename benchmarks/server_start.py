"""How long a server takes to its first answer: ``python benchmarks/server_start.py``.

Wanted: 2 s. The first start also makes the data folder and its database.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

STARTS = 5


def first_answer_s(home: str) -> float:
    """Start a server, ask for cards, stop it; return the seconds until the answer."""
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "modelfoundry", "serve", "--port", "0"],
        env=os.environ | {"MODELFOUNDRY_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            url = next(iter(server.stdout or ())).split()[3]
            with urllib.request.urlopen(f"{url}/api/v1/cards") as answer:  # noqa: S310 - our own
                answer.read()
            return time.perf_counter() - begin
        finally:
            server.send_signal(signal.SIGINT)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as home:
        times = [first_answer_s(home) for _ in range(STARTS)]
    each = ", ".join(f"{t:.2f}" for t in times)
    print(f"first answer after {statistics.median(times):.2f} s (median of {each})")


if __name__ == "__main__":
    main()
