"""Serve the web page and the API."""

from dataclasses import replace

import click

from modelfoundry.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="0 chooses a free one.")
@click.option("--slots", type=click.IntRange(min=0), help="Jobs at once; 0: one per GPU, else 1.")
def serve(host: str, port: int, slots: int | None) -> None:
    """Serve the web page, the API and the runner until interrupted."""
    from modelfoundry.api.server import WebServer, listen  # noqa: PLC0415
    from modelfoundry.bootstrap import open_stores  # noqa: PLC0415
    from modelfoundry.jobs.lock import server_lock  # noqa: PLC0415

    settings = Settings.from_environment()
    if slots is not None:
        settings = replace(settings, slots=slots)
    with server_lock(settings.home) as lock:
        listener = listen(host, port)
        open_stores(settings).engine.dispose()
        bound_host, bound_port = listener.getsockname()[:2]
        click.echo(f"ModelFoundry is at http://{bound_host}:{bound_port} (Ctrl-C stops it)")
        WebServer(settings, listener, lock=lock).run()
