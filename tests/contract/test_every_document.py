import re
import shlex
from pathlib import Path

import click
import pytest

from modelfoundry.cli.commands import cli

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted(PROJECT.glob("docs/*.md"))]
TEXTS = {document: document.read_text().replace("\\\n", " ") for document in DOCUMENTS}

LINKS = [
    (document, link)
    for document, text in TEXTS.items()
    for link in re.findall(r"\]\(([^)\s]+)\)", text)
    if "://" not in link
]
# To the end of the code they are in: a line of a block, or a pair of backticks.
LINES = {
    line for text in TEXTS.values() for line in re.findall(r"\bmodelfoundry ([a-z][^`\n]+)", text)
}


def anchors(document: Path) -> set[str]:
    """Make the anchors of a document's headings as GitHub does."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def command_of(words: list[str]) -> click.Command:
    """Find the command that a line calls, which may be one of a group."""
    found: click.Command = cli
    for word in words:
        if isinstance(found, click.Group) and word in found.list_commands(click.Context(found)):
            found = found.get_command(click.Context(found), word) or found
    return found


@pytest.mark.parametrize(
    ("document", "link"), LINKS, ids=[f"{document.name}: {link}" for document, link in LINKS]
)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(document: Path, link: str):
    path, _, heading = link.partition("#")

    target = document.parent / path if path else document

    assert target.exists()
    assert heading in (anchors(target) if heading else {""})


@pytest.mark.parametrize("line", sorted(LINES))
def test_every_command_is_there_with_the_options_it_is_written_with(line: str):
    words = shlex.split(line, comments=True)

    command = command_of(words)

    known = {option for parameter in command.params for option in parameter.opts}
    assert command is not cli
    assert {word for word in words if word.startswith("-")} <= known | {"--help"}
