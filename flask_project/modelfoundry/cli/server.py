"""Commands that talk to a server: the one logged in to last, or that of this machine."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click
import httpx

from modelfoundry.cli.display import console
from modelfoundry.client import Client, ProblemError
from modelfoundry.client.logins import Logins, logins_file
from modelfoundry.errors import Fault, InvalidInputError, ModelFoundryError

STOPPED = 130
LOGIN_NEEDED, NOT_FOUND = 401, 404


def on_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option ``--server`` and, as its first argument, the client for it."""

    @click.option(
        "--server", metavar="URL", help="The one logged in to last, or this machine's, if absent."
    )
    @wraps(command)
    def connected(*, server: str | None, **options: Any) -> None:
        with Client.logged_in(server) as client:
            try:
                command(client, **options)
            except ProblemError as error:
                _complain(client, error)
            except httpx.TransportError as error:
                raise ModelFoundryError(
                    f"cannot reach {client.url}: {error}; name another one with --server, or start "
                    "one here with: modelfoundry serve"
                ) from error

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
    file = logins_file()
    with Client(server, token=secret) as client:
        try:
            session = client.session()
        except httpx.HTTPError as error:
            raise ModelFoundryError(f"cannot reach {server}: {error}; check the URL") from error
        if session["scope"] is None:
            raise InvalidInputError.of(
                "/token", f"{server} does not know this token; it may be mistyped or expired"
            )
    Logins.read(file).with_token(server, secret).write(file)
    _show(server, session)


@click.command()
@click.argument("url", required=False)
def logout(url: str | None) -> None:
    """Forget the token for the server at URL, or for the one logged in to last."""
    file = logins_file()
    logins = Logins.read(file)
    server = (url or logins.current).rstrip("/")
    logins.without(server).write(file)
    console.print(f"Forgot the token for {server}; it is valid until it is revoked there")


@click.command()
@on_server
def whoami(client: Client) -> None:
    """Tell which server is asked, and what one may do there."""
    _show(client.url, client.session())


def _show(server: str, session: dict[str, Any]) -> None:
    who = session["name"] or ("anybody" if session["scope"] else "nobody")
    console.print(f"{server}: {who}, may {session['scope'] or 'do nothing; log in'}", markup=False)


def _complain(client: Client, error: ProblemError) -> NoReturn:
    if error.faults:
        raise InvalidInputError(Fault(*fault) for fault in error.faults) from error
    if error.status == NOT_FOUND:
        raise InvalidInputError.of("", str(error)) from error
    way_out = f"; log in with: modelfoundry login {client.url}"
    told = f"{error}{way_out if error.status == LOGIN_NEEDED else ''}"
    raise ModelFoundryError(told) from error
