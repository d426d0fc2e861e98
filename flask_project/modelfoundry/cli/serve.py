"""Serve, and run jobs."""

import logging
import os
import signal
import threading
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, get_args

import click

from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Login, LogStyle, Settings
from modelfoundry.terminal import LineFormatter

if TYPE_CHECKING:
    from modelfoundry.jobs.token_store import TokenStore

OLD_RUNNER_ENDS_WITHIN_S = 15

slots_option = click.option(
    "--slots", type=click.IntRange(min=0), help="Jobs at once; 0: one per GPU, else one."
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="0 chooses a free one.")
@click.option(
    "--login",
    type=click.Choice(get_args(Login)),
    help="Whether a token is needed; auto: unless only this machine can reach the address.",
)
@click.option(
    "--log",
    type=click.Choice(get_args(LogStyle)),
    help="How requests are logged; quiet: errors only.",
)
@slots_option
def serve(
    host: str, port: int, login: Login | None, log: LogStyle | None, slots: int | None
) -> None:
    """Serve the web page, the API and the runner until interrupted."""
    # All that the web server needs is imported before the runner starts, which keeps a processor
    # busy for some seconds, so that the first answer does not wait.
    from modelfoundry.api.app import create_app  # noqa: PLC0415
    from modelfoundry.api.request_log import start_logging  # noqa: PLC0415
    from modelfoundry.api.server import WebServer, listen  # noqa: PLC0415
    from modelfoundry.bootstrap import build_services, open_stores  # noqa: PLC0415
    from modelfoundry.jobs.lock import only_one  # noqa: PLC0415
    from modelfoundry.jobs.supervision import RunnerProcess  # noqa: PLC0415
    from modelfoundry.services.uploads import UploadService  # noqa: PLC0415

    settings = _settings(slots)
    settings = replace(settings, login=_decided(login or settings.login, host))
    start_logging(log or settings.log)
    with only_one(settings.home, "server") as lock:
        stores = open_stores(settings)
        if settings.login == "required":
            _require_some_token(stores.tokens, host)
        stores.engine.dispose()
        UploadService(settings.home, limit_bytes=0).forget_all()
        listener = listen(host, port)
        bound_host, bound_port = listener.getsockname()[:2]
        click.echo(f"ModelFoundry is at http://{bound_host}:{bound_port} (Ctrl-C stops it)")
        with RunnerProcess(slots=settings.slots):
            WebServer(lambda: create_app(build_services(settings)), listener, lock=lock).run()


@click.command()
@slots_option
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def runner(slots: int | None, parent: int | None) -> None:
    """Run queued jobs until interrupted, without the web server."""
    from modelfoundry.bootstrap import open_stores  # noqa: PLC0415 - slow to import
    from modelfoundry.jobs.bundles import remove_abandoned  # noqa: PLC0415
    from modelfoundry.jobs.lock import only_one  # noqa: PLC0415
    from modelfoundry.jobs.runners.local import LocalRunner  # noqa: PLC0415
    from modelfoundry.jobs.webhook_sender import WebhookSender  # noqa: PLC0415
    from modelfoundry.pipelines.registry import PIPELINES  # noqa: PLC0415

    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(handlers=[handler])
    logging.getLogger("modelfoundry").setLevel(logging.INFO)
    settings = _settings(slots)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def should_stop() -> bool:
        if parent is not None and os.getppid() != parent:
            os._exit(1)  # jobs end with their runner, and are resumed by the next one
        return stop.is_set()

    # The runner of a server that was just killed may need a moment to notice.
    with only_one(settings.home, "runner", wait_s=OLD_RUNNER_ENDS_WITHIN_S):
        stores = open_stores(settings)
        remove_abandoned(settings.home)
        sender = WebhookSender(stores.webhooks)
        threading.Thread(target=sender.run, args=(stop,), daemon=True).start()
        LocalRunner(stores.jobs, settings, pipelines=PIPELINES).run(should_stop)


def _decided(login: Login, host: str) -> Login:
    """Decide whether a login is needed: not where only this machine can reach the server."""
    if login != "auto":
        return login
    try:
        is_local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name; whom it leads to, nobody knows
        is_local = False
    return "off" if is_local else "required"


def _require_some_token(store: "TokenStore", host: str) -> None:
    from modelfoundry.services.tokens import TokenService  # noqa: PLC0415 - slow to import

    if not TokenService(store).any_valid():
        raise InvalidInputError.of(
            "/login",
            f"others can reach {host}, and nobody could log in, for there is no valid token; make "
            "one with: modelfoundry tokens create NAME --scope admin; or, where something else "
            "keeps strangers out, serve with --login off",
        )


def _settings(slots: int | None) -> Settings:
    settings = Settings.from_environment()
    return settings if slots is None else replace(settings, slots=slots)
