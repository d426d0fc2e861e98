"""The command that lists the methods."""

import click

from modelfoundry.catalog.algorithms import ALGORITHMS
from modelfoundry.cli.display import show_table


@click.command()
def algorithms() -> None:
    """List the methods that make modules."""
    show_table(
        ("name", "targets", "summary"),
        ((card.name, ", ".join(card.target_kinds), card.summary) for card in ALGORITHMS.values()),
    )
