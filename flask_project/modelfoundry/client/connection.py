"""The connection to a server, and what it refuses."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import httpx

Json = dict[str, Any]

SILENCE_S = 60.0  # the server sends something at least every 15 s
TRIES = 5
BUSY = frozenset({429, 503})  # nothing was done, and Retry-After says when to ask again
LONGEST_WAIT_S = 60.0


class Fault(NamedTuple):
    """One thing wrong with a request; ``pointer`` is a JSON pointer into it."""

    pointer: str
    message: str


class ProblemError(Exception):
    """The server refused a request, or a job did not succeed.

    Attributes:
        status: HTTP status; 0 if no request was refused.
        faults: Everything that is wrong with the request.
    """

    def __init__(self, detail: str, *, status: int = 0, faults: Sequence[Fault] = ()) -> None:
        self.status = status
        self.faults = tuple(faults)
        super().__init__(detail)


class Connection:
    """Sends requests to a server; an answer that is a refusal is raised."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        token: str = "",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to talk to a server.

        Args:
            url: Where the server is.
            token: The secret of an API token; a server on this machine needs none.
            transport: How to reach it; over the network if absent.
            sleep: How to wait, in seconds, before a busy server is asked again.
        """
        self.url = url.rstrip("/")
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=SILENCE_S,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def session(self) -> Json:
        """Tell who the token belongs to and what it allows: ``name`` and ``scope``."""
        return self._json("GET", "/session")

    def _submit(
        self,
        path: str,
        body: Json,
        *,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Json:
        """Ask for work, or only for what it would be; raises ``ProblemError``."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        params = {"dry_run": True} if dry_run else {}
        return self._json("POST", path, json=body, headers=headers, params=params)

    def _json(self, method: str, path: str, **request: Any) -> Json:
        """Send a request and read the JSON of its answer; raises ``ProblemError``."""
        answer = self._send(self._http.build_request(method, path, **request))
        raise_for_problem(answer)
        try:
            content: Json = answer.json()
        except ValueError as error:
            detail = f"{answer.url} answers, but not as a ModelFoundry server does; check the URL"
            raise ProblemError(detail) from error
        return content

    def _send(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        """Send a request, again after a while if the server is busy; refusals are returned."""
        for tries in range(1, TRIES):
            answer = self._http.send(request, stream=stream)
            if answer.status_code not in BUSY:
                return answer
            answer.close()
            self._sleep(_wait_s(answer, tries))
        return self._http.send(request, stream=stream)

    def _items(self, path: str, **params: str) -> list[Json]:
        """Read a list that comes in one piece; raises ``ProblemError``."""
        items: list[Json] = self._json("GET", path, params=params)["items"]
        return items


def _wait_s(answer: httpx.Response, tries: int) -> float:
    told = answer.headers.get("Retry-After", "")
    return min(float(told) if told.isdecimal() else 2.0**tries, LONGEST_WAIT_S)


def raise_for_problem(answer: httpx.Response) -> None:
    """Raise ``ProblemError`` if an answer is a refusal, with all its faults."""
    if answer.is_success:
        return
    answer.read()
    if answer.headers.get("Content-Type") != "application/problem+json":
        # Something else answered, such as a proxy in between.
        detail = f"{answer.status_code} {answer.reason_phrase} from {answer.url}"
        raise ProblemError(detail, status=answer.status_code)
    problem = answer.json()
    faults = [Fault(fault["pointer"], fault["message"]) for fault in problem.get("errors", [])]
    raise ProblemError(problem["detail"], status=answer.status_code, faults=faults)
