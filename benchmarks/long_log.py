"""How long parts of a long log take: ``python benchmarks/long_log.py``.

A job with a million lines is written to a database of its own; then the server is asked for what
its page asks for when it opens, and for what a reader may do next. Wanted: the page's questions
within 100 ms each.
"""

import argparse
import statistics
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import build_services
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.processes import this_process
from modelfoundry.jobs.store import JobStore, NewEvent
from modelfoundry.settings import Home, Settings

REPEATS = 5
AT_ONCE = 20_000
EPOCHS = 300
OPENING = {
    "the job": "",
    "curves, states": "/events?types=metric&types=progress&types=state&types=usage&limit=5000",
    "newest lines": "/lines?limit=500",
}
RARE = "line+7+"  # near the beginning, which a search comes to last
READING = {
    "earlier lines": "/lines?limit=500&before=500000",
    "first lines": "/lines?limit=500&after=0",
    "errors": "/lines?limit=500&level=error",
    "frequent word": "/lines?limit=500&q=batch",
    "rare word, a part": f"/lines?limit=500&q={RARE}",
}


def write_job(store: JobStore, *, lines: int) -> str:
    """Write a job with a long log, an epoch's figures now and then; return its id."""
    job = Job.new("modularize", {"model": "toy"}, title="3 from toy", now=utc_now())
    store.add(job.start(this_process("command line"), now=utc_now()))
    for first in range(0, lines, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, lines))
        events = [event for number in numbers for event in events_of(number, lines)]
        store.append(job.id, 1, events)
    store.move(job.id, lambda job: job.succeed(modules=(), result={}, now=utc_now()))
    return job.id


def events_of(number: int, lines: int) -> list[NewEvent]:
    """Make a line of the log, and an epoch's figures if one ends with it."""
    level = "error" if number % 10_000 == 0 else "info"
    message = f"line {number} of the search: batch done, loss 0.1234, accuracy 0.9876"
    events = [NewEvent("log", {"level": level, "message": message}, utc_now())]
    if number % (lines // EPOCHS) == 0:
        values = {"accuracy": 0.9, "retained_ratio": 0.1}
        data = {"stage": "search", "step": number, "values": values}
        events.append(NewEvent("metric", data, utc_now()))
    return events


def search(client: FlaskClient, path: str) -> int:
    """Search back from the newest line until something is found; return the number of requests."""
    parts, place, found = 0, "", False
    while not found:
        page: Any = client.get(f"{path}{place}").json
        parts, place, found = parts + 1, f"&before={page['reached']}", bool(page["items"])
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        services = build_services(Settings(home=Home(Path(folder)), web_root=Path(folder)))
        job_id = write_job(services.stores.jobs, lines=args.lines)
        client = create_app(services).test_client()
        print(f"a log of {args.lines:,} lines; median and largest of {REPEATS} answers")
        for name, path in (OPENING | READING).items():
            times_ms = []
            for _ in range(REPEATS):
                begin = time.perf_counter()
                answer = client.get(f"/api/v1/jobs/{job_id}{path}", buffered=True)
                times_ms.append((time.perf_counter() - begin) * 1000)
                if answer.status_code != HTTPStatus.OK:
                    raise SystemExit(answer.get_data(as_text=True))
            print(f"{name:<18}{statistics.median(times_ms):>8.1f}{max(times_ms):>8.1f} ms")
        begin = time.perf_counter()
        parts = search(client, f"/api/v1/jobs/{job_id}/lines?q={RARE}")
        taken = time.perf_counter() - begin
        print(f"until it is found{taken:>7.1f} s, in {parts} parts")
        begin = time.perf_counter()
        size = len(client.get(f"/api/v1/jobs/{job_id}/log", buffered=True).get_data())
        taken = time.perf_counter() - begin
        print(f"the whole log   {taken:>8.1f} s, {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
