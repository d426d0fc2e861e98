"""Commands for API tokens."""

from datetime import datetime

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_table
from modelfoundry.jobs.token_store import SCOPES, Scope
from modelfoundry.services.tokens import NewToken
from modelfoundry.settings import Settings


@click.group()
@click.pass_context
def tokens(context: click.Context) -> None:
    """Make, list and revoke tokens for the API."""
    context.obj = build_services(Settings.from_environment())


@tokens.command()
@click.argument("name")
@click.option("--scope", type=click.Choice(SCOPES), default="read", show_default=True)
@click.option("--expires-days", type=click.IntRange(1, 3650), help="Until revoked if absent.")
@click.pass_obj
def create(services: Services, name: str, scope: Scope, expires_days: int | None) -> None:
    """Make a token and print its secret, which is shown this once."""
    issued = services.tokens.create(NewToken(name=name, scope=scope, expires_days=expires_days))
    click.echo(issued.secret)
    click.echo(f"Keep it: it is not shown again. Its id is {issued.token.id}.", err=True)


@tokens.command("list")
@click.pass_obj
def list_tokens(services: Services) -> None:
    """List the tokens, newest first."""
    show_table(
        ("id", "name", "scope", "created", "expires", "last used"),
        (
            (t.id, t.name, t.scope, *map(_day, (t.created_at, t.expires_at, t.last_used_at)))
            for t in services.tokens.all()
        ),
    )


@tokens.command()
@click.argument("token_id", metavar="ID")
@click.pass_obj
def revoke(services: Services, token_id: str) -> None:
    """End a token and the sessions that were opened with it."""
    services.tokens.revoke(token_id)
    console.print(f"Revoked {token_id}")


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else "-"
