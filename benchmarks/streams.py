"""What a server does under load: ``python benchmarks/streams.py``.

Opens event streams of jobs that keep logging, and searches the catalogue at a steady rate
meanwhile. Wanted, with 200 streams and 50 searches/s for a minute on two processors: no error, 95 %
of the searches answered within 200 ms, and half of the log lines at their readers within 300 ms.
Everything runs on this machine, so the load itself takes its share of it.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlsplit

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.servers import Server

from modelfoundry.jobs.database import connect
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.processes import this_process
from modelfoundry.jobs.reporter import JobReporter
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.settings import Home

SEARCHES = ("", "q=3", "q=digits", "ready=false", "q=cnn&sort=accuracy", "kind=binary&q=7")
CONNECTIONS = 24
LINES_PER_S = 2.0  # of each job
SETTLE_S = 3.0  # until all streams are open


@dataclass
class Findings:
    """What the load has measured, in milliseconds."""

    search_ms: list[float] = field(default_factory=list)
    line_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def keep_logging(database_url: str, job_ids: list[str], stop: Event) -> None:
    """Log the time in every job until told to stop, as jobs do."""
    store = SqlJobStore(connect(database_url))

    def log(job_id: str, delay_s: float) -> None:
        time.sleep(delay_s)
        with JobReporter(store, job_id, 1) as reporter:
            while not stop.wait(1 / LINES_PER_S):
                reporter.log(str(time.time()))

    spread_s = 1 / LINES_PER_S / len(job_ids)
    loggers = [
        threading.Thread(target=log, args=(job_id, at * spread_s))
        for at, job_id in enumerate(job_ids)
    ]
    for logger in loggers:
        logger.start()
    for logger in loggers:
        logger.join()


@contextmanager
def talking_jobs(home: Home, number: int) -> Iterator[list[str]]:
    """Have a process that logs in several jobs."""
    store = SqlJobStore(connect(home.database_url))
    me = this_process("command line")
    jobs = [Job.new("modularize", {}, title=f"Job {n}", now=utc_now()) for n in range(number)]
    ids = [store.add(job.start(me, now=utc_now())).id for job in jobs]
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=keep_logging, args=(home.database_url, ids, stop))
    process.start()
    try:
        yield ids
    finally:
        stop.set()
        process.join()


async def follow(address: tuple[str, int], job_id: str, findings: Findings) -> None:
    """Read one stream and note how old each line is when it comes."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(
        f"GET /api/v1/jobs/{job_id}/events HTTP/1.1\r\nHost: {address[0]}\r\n"
        "Accept: text/event-stream\r\n\r\n".encode()
    )
    status = await reader.readline()
    if b" 200 " not in status:
        findings.errors.append(f"stream: {status.decode().strip()}")
        return
    opened_at = time.time()
    try:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                if event["type"] == "log" and float(event["data"]["message"]) > opened_at:
                    findings.line_ms.append((time.time() - float(event["data"]["message"])) * 1000)
        findings.errors.append("stream: closed by the server")
    finally:
        writer.close()


class Searcher:
    """Searches over a few connections that are kept open."""

    def __init__(self, address: tuple[str, int], findings: Findings) -> None:
        self._address = address
        self._findings = findings
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        self._free = asyncio.Queue()

    async def open(self) -> None:
        """Open the connections."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection(*self._address))

    async def search(self, query: str, due: float) -> None:
        """Search once; the time counts from when it was due, waiting for a connection included."""
        reader, writer = await self._free.get()
        head = f"GET /api/v1/cards?{query} HTTP/1.1\r\nHost: {self._address[0]}\r\n\r\n"
        try:
            writer.write(head.encode())
            status = await reader.readline()
            length = 0
            while (line := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            await reader.readexactly(length)
            self._findings.search_ms.append((time.perf_counter() - due) * 1000)
            if b" 200 " not in status:
                self._findings.errors.append(f"search: {status.decode().strip()}")
        except (OSError, asyncio.IncompleteReadError) as error:
            self._findings.errors.append(f"search: {error}")
            reader, writer = await asyncio.open_connection(*self._address)
        self._free.put_nowait((reader, writer))


async def load(url: str, job_ids: list[str], args: argparse.Namespace) -> Findings:
    """Put the load on a server for a while."""
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 0)
    findings = Findings()
    streams = [
        asyncio.create_task(follow(address, job_ids[n % len(job_ids)], findings))
        for n in range(args.streams)
    ]
    searcher = Searcher(address, findings)
    await asyncio.sleep(SETTLE_S)
    await searcher.open()
    findings.line_ms.clear()
    begin = time.perf_counter()
    searches = []
    for number in range(int(args.rate * args.seconds)):
        due = begin + number / args.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        query = SEARCHES[number % len(SEARCHES)]
        searches.append(asyncio.create_task(searcher.search(query, due)))
    await asyncio.gather(*searches)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return findings


def processor_s(process: psutil.Process) -> float:
    """Tell how long a server and its processes have computed so far."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(each.cpu_times()[:2]) for each in family)


def report(name: str, times_ms: list[float]) -> None:
    median = statistics.median(times_ms)
    percentile_95 = statistics.quantiles(times_ms, n=20)[-1]
    print(
        f"{name:<12}{len(times_ms):>8,} median {median:.0f} ms, 95 % within {percentile_95:.0f} ms,"
        f" largest {max(times_ms):.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--rate", type=float, default=50, help="searches per second")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        process = psutil.Process(server.process.pid)
        try:
            with talking_jobs(Home(Path(folder)), args.jobs) as job_ids:
                before_s = processor_s(process)
                findings = asyncio.run(load(server.url, job_ids, args))
                computed_s = processor_s(process) - before_s
        finally:
            server.stop()
    print(f"{args.streams} streams of {args.jobs} jobs, {args.rate:g} searches/s")
    report("searches", findings.search_ms)
    report("log lines", findings.line_ms)
    print(f"the server computed for {computed_s / (args.seconds + SETTLE_S):.2f} s per second")
    print(f"errors: {len(findings.errors)} {sorted(set(findings.errors))[:3]}")


if __name__ == "__main__":
    main()
