"""Commands that talk to a server: the one logged in to last, or that of this machine."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn

import click
import httpx

from modelfoundry.cli.display import console
from modelfoundry.cli.statuses import STOPPED
from modelfoundry.client import Client, ProblemError
from modelfoundry.client.logins import Logins, logins_file
from modelfoundry.errors import Fault, InvalidInputError, ModelFoundryError

LOGIN_NEEDED, NOT_FOUND = 401, 404


def on_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option ``--server`` and, as its first argument, the client for it."""

    @click.option(
        "--server", metavar="URL", help="The one logged in to last, or this machine's, if absent."
    )
    @wraps(command)
    def connected(*, server: str | None, **options: Any) -> None:
        url = server or _logins().current
        with _explained(url), Client.logged_in(url) as client:
            command(client, **options)

    return connected


def leave(job_id: str) -> NoReturn:
    """End after Ctrl-C, which a job on a server does not notice."""
    sys.stderr.write(f"job {job_id} goes on; end it with: modelfoundry cancel {job_id}\n")
    sys.exit(STOPPED)


@click.command()
@click.argument("url")
@click.option("--token", help="Asked for if absent, so that it stays out of the shell's history.")
def login(url: str, token: str | None) -> None:
    """Keep a token for the server at URL, for this and all other commands for servers.

    An administrator makes it there: modelfoundry tokens create NAME --scope submit
    """
    secret = (token or click.prompt("Token", hide_input=True)).strip()
    server = url.rstrip("/")
    with _explained(server), Client(server, token=secret) as client:
        session = client.session()
    if session["scope"] is None:
        raise InvalidInputError.of(
            "/token", f"{server} does not know this token; it may be mistyped or expired"
        )
    _logins().with_token(server, secret).write(logins_file())
    _show(server, session)


@click.command()
@click.argument("url", required=False)
def logout(url: str | None) -> None:
    """Forget the token for the server at URL, or for the one logged in to last."""
    logins = _logins()
    server = (url or logins.current).rstrip("/")
    logins.without(server).write(logins_file())
    console.print(f"Forgot the token for {server}; it is valid until it is revoked there")


@click.command()
@on_server
def whoami(client: Client) -> None:
    """Tell which server is asked, and what one may do there."""
    _show(client.url, client.session())


def _show(server: str, session: dict[str, Any]) -> None:
    who = session["name"] or ("anybody" if session["scope"] else "nobody")
    console.print(f"{server}: {who}, may {session['scope'] or 'do nothing; log in'}")


def _logins() -> Logins:
    try:
        return Logins.read(logins_file())
    except ProblemError as damaged:
        raise ModelFoundryError(str(damaged)) from damaged


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what goes wrong with a server into one of our errors, with the way out."""
    try:
        yield
    except ProblemError as error:
        if error.faults:
            raise InvalidInputError(Fault(*fault) for fault in error.faults) from error
        if error.status == NOT_FOUND:
            raise InvalidInputError.of("", str(error)) from error
        way_out = f"; log in with: modelfoundry login {url}"
        told = f"{error}{way_out if error.status == LOGIN_NEEDED else ''}"
        raise ModelFoundryError(told) from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise InvalidInputError.of(
            "", f"{url!r} is not the URL of a server, such as http://127.0.0.1:8000"
        ) from error
    except httpx.TransportError as error:
        raise ModelFoundryError(
            f"cannot reach {url}: {error}; check the URL, or start a server here with: "
            "modelfoundry serve"
        ) from error
