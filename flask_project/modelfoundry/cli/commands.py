"""All commands, each imported only when it is used, so that ``--help`` is quick."""

import sys
from importlib import import_module
from typing import Any

import click

from modelfoundry import __version__
from modelfoundry.cli.statuses import STOPPED

# Name: where it is, and what it does.
HERE = {
    "serve": ("modelfoundry.cli.serve:serve", "Serve the web page, the API and the runner."),
    "modularize": ("modelfoundry.cli.work:modularize", "Cut a module out of a model."),
    "sweep": ("modelfoundry.cli.sweep:sweep", "Cut many modules out and compare them."),
    "reuse": ("modelfoundry.cli.reuse:reuse", "Put modules together to something new."),
    "finetune": ("modelfoundry.cli.finetune:finetune", "Fine-tune a model to other data."),
    "recombine": ("modelfoundry.cli.recombine:recombine", "Try out whether composing pays."),
    "jobs": ("modelfoundry.cli.jobs:jobs", "List, follow and control jobs."),
    "sweeps": ("modelfoundry.cli.sweep:sweeps", "List, inspect and control sweeps."),
    "modules": ("modelfoundry.cli.modules:modules", "List, inspect, export, delete modules."),
    "models": ("modelfoundry.cli.models:models", "List trained networks, bring your own."),
    "data": ("modelfoundry.cli.datasets:data", "List data sets, bring your own."),
    "algorithms": ("modelfoundry.cli.algorithms:algorithms", "List the methods."),
    "train": ("modelfoundry.cli.train:train", "Train a model on a data set."),
    "evaluate": ("modelfoundry.cli.evaluate:evaluate", "Measure a model or module on a data set."),
    "predict": ("modelfoundry.cli.predict:predict", "Ask what is on pictures."),
    "backdoor": ("modelfoundry.cli.backdoor:backdoor", "Plant a backdoor in a copy of a model."),
    "robustness": ("modelfoundry.cli.robustness:robustness", "Attack a module."),
    "benchmark": ("modelfoundry.cli.benchmark:benchmark", "Compare with published results."),
    "tokens": ("modelfoundry.cli.tokens:tokens", "Make, list, revoke tokens for the API."),
    "storage": ("modelfoundry.cli.storage:storage", "Tell what is kept, and clean up."),
    "runner": ("modelfoundry.cli.serve:runner", "Run queued jobs, without the web server."),
}
ON_A_SERVER = {
    "login": ("modelfoundry.cli.server:login", "Keep a token for a server."),
    "whoami": ("modelfoundry.cli.server:whoami", "Tell which server is asked, and as whom."),
    "logout": ("modelfoundry.cli.server:logout", "Forget the token for a server."),
    "search": ("modelfoundry.cli.remote:search", "Search module cards."),
    "submit": ("modelfoundry.cli.remote:submit", "Have a module cut out."),
    "submit-json": ("modelfoundry.cli.remote:submit_json", "Have work of any kind done."),
    "watch": ("modelfoundry.cli.remote:watch", "Follow a job to its end."),
    "logs": ("modelfoundry.cli.remote:logs", "Print a job's log; -f: to its end."),
    "cancel": ("modelfoundry.cli.remote:cancel", "Ask a job to end."),
    "retry": ("modelfoundry.cli.remote:retry", "Queue a job again."),
    "download": ("modelfoundry.cli.remote:download", "Fetch a module's files."),
    "verify": ("modelfoundry.cli.remote:verify", "Check fetched files against the server's."),
    "compare": ("modelfoundry.cli.remote:compare", "Show modules beside their original."),
}
SECTIONS = {
    "On this machine": HERE,
    "On a server, this machine's if no other is named": ON_A_SERVER,
}
COMMANDS = HERE | ON_A_SERVER


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands, most used first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; one that Ctrl-C has stopped ends with the status that shells expect."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.stderr.write("modelfoundry: stopped by Ctrl-C\n")
            sys.exit(STOPPED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()])


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="modelfoundry")
def cli() -> None:
    """Cut the part of a trained network that you need out as a small, measured module."""
