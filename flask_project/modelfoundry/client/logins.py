"""Tokens for servers, kept for the command line and for notebooks of one user."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from modelfoundry.client.connection import ProblemError

LOCAL = "http://127.0.0.1:8000"


def logins_file() -> Path:
    """Tell where tokens are kept."""
    return Path.home() / ".config" / "modelfoundry" / "logins.json"


@dataclass(frozen=True)
class Logins:
    """Which servers one has logged in to.

    Attributes:
        current: The one that is meant where none is named.
        token_by_server: Secrets, by URL.
    """

    current: str = LOCAL
    token_by_server: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Logins":
        """Read what was written; nobody has logged in to anything where there is no file.

        Raises:
            ProblemError: The file is damaged.
        """
        try:
            return cls(**json.loads(path.read_text()))
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError) as error:
            raise ProblemError(f"{path} is damaged; delete it, and log in again") from error

    def write(self, path: Path) -> None:
        """Write so that nobody else can read it, and whole or not at all."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123 - of a descriptor
            json.dump(vars(self), file)
        new.replace(path)

    def with_token(self, server: str, token: str) -> "Logins":
        """Add a token for a server, which becomes the current one."""
        return Logins(server, self.token_by_server | {server: token})

    def without(self, server: str) -> "Logins":
        """Forget a server; where it was the current one, that is this machine's again."""
        kept = {url: token for url, token in self.token_by_server.items() if url != server}
        return Logins(LOCAL if self.current == server else self.current, kept)
