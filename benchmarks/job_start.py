"""How long a job takes from submission to its first log line: ``python benchmarks/job_start.py``.

Wanted: 1 s, once the server has warmed up (which is timed too).
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.servers import Server, is_at_rest

JOBS = 5


def first_line_s(server: Server) -> float:
    """Submit a job and wait for its first log line; cancel it; return the seconds."""
    begin = time.perf_counter()
    job_id = server.submit(epochs=1000)
    for event in server.client.events(job_id):
        if event["type"] == "log":
            break
    taken = time.perf_counter() - begin
    server.client.cancel(job_id)
    server.wait(job_id, is_at_rest)
    return taken


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as home:
        server = Server(Path(home))
        try:
            cold = first_line_s(server)
            times = [first_line_s(server) for _ in range(JOBS)]
        finally:
            server.stop()
    each = ", ".join(f"{t:.2f}" for t in times)
    print(f"first line of a job submitted while the server warms up: {cold:.2f} s")
    print(f"afterwards: {statistics.median(times):.2f} s (median of {each})")


if __name__ == "__main__":
    main()
