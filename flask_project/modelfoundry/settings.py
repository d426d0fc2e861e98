"""Where things are and how the service runs; the only reader of environment variables."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from modelfoundry.errors import InvalidInputError

Login = Literal["auto", "required", "off"]
LogStyle = Literal["quiet", "text", "json"]
Switch = Literal["on", "off"]
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Home:
    """The layout of a data folder; every path of ours on disk comes from here."""

    root: Path

    @property
    def datasets(self) -> Path:
        """One folder per imported data set."""
        return self.root / "datasets"

    @property
    def groups(self) -> Path:
        """One file per data set: the groups of classes that its users have added."""
        return self.root / "groups"

    @property
    def models(self) -> Path:
        """One folder per imported or trained model."""
        return self.root / "models"

    @property
    def modules(self) -> Path:
        """One bundle folder per module."""
        return self.root / "modules"

    @property
    def networks(self) -> Path:
        """Whole networks as ONNX files, one folder each, to be tried beside their modules."""
        return self.root / "networks"

    @property
    def evaluations(self) -> Path:
        """What was found of models and modules: one folder each, one file per data set."""
        return self.root / "evaluations"

    @property
    def jobs(self) -> Path:
        """One folder per job: its checkpoint while it runs."""
        return self.root / "jobs"

    @property
    def uploads(self) -> Path:
        """Quarantine for uploads that have not been checked yet."""
        return self.root / "uploads"

    @property
    def downloads(self) -> Path:
        """Published files as they came from the network, or as a person has put them there."""
        return self.root / "downloads"

    @property
    def database_url(self) -> str:
        """The embedded database."""
        return f"sqlite:///{self.root / 'modelfoundry.db'}"


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations.

    Attributes:
        home: The data folder (``MODELFOUNDRY_HOME``).
        database_url: SQLAlchemy URL (``MODELFOUNDRY_DATABASE_URL``); SQLite in the home if empty.
        web_root: Folder of the built front end (``MODELFOUNDRY_WEB_ROOT``).
        slots: Jobs that run at once; 0 means one per GPU, or one on a machine without a GPU
            (``MODELFOUNDRY_SLOTS``).
        upload_limit_bytes: Largest accepted request body (``MODELFOUNDRY_UPLOAD_LIMIT_MB``).
        cors_origin: Origin allowed to call the API from a browser (``MODELFOUNDRY_CORS_ORIGIN``);
            none by default.
        login: Whether a token is needed for the API (``MODELFOUNDRY_LOGIN``); ``auto`` is decided
            by the address that the server listens on.
        hosts: Names, beside addresses and ``localhost``, that the server is reached by
            (``MODELFOUNDRY_HOSTS``, separated by commas).
        requests_per_minute: How many requests one caller may make where a login is needed
            (``MODELFOUNDRY_REQUESTS_PER_MINUTE``); 0 means any number.
        log: How requests are logged (``MODELFOUNDRY_LOG``); ``quiet`` leaves all but errors out.
        compatibility: Whether the seven routes of the published tool are answered too
            (``MODELFOUNDRY_COMPATIBILITY``); they are guarded like the others.
        webhook_hosts: Hosts that webhooks may be sent to (``MODELFOUNDRY_WEBHOOK_HOSTS``, separated
            by commas); any if empty.
        deepsparse_python: Interpreter of an environment with DeepSparse, an engine that skips
            zero weights (``MODELFOUNDRY_DEEPSPARSE_PYTHON``); evaluations use it only if set. Its
            licence allows evaluation alone, not production.
    """

    home: Home
    database_url: str = ""
    web_root: Path = field(default=Path(__file__).parents[2] / "vue_project" / "dist")
    slots: int = 0
    upload_limit_bytes: int = 512 * MEBIBYTE
    cors_origin: str = ""
    login: Login = "auto"
    hosts: tuple[str, ...] = ()
    requests_per_minute: int = 1200
    log: LogStyle = "quiet"
    compatibility: Switch = "on"
    webhook_hosts: tuple[str, ...] = ()
    deepsparse_python: str = ""

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", self.home.database_url)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the ``MODELFOUNDRY_*`` variables; unset ones keep their defaults.

        Raises:
            InvalidInputError: A variable has a value that it cannot have.
        """
        env = {k: v for k, v in os.environ.items() if k.startswith("MODELFOUNDRY_") and v}
        home = Path(env.get("MODELFOUNDRY_HOME", "~/.modelfoundry")).expanduser().resolve()
        defaults = cls(home=Home(home))
        return cls(
            home=Home(home),
            database_url=env.get("MODELFOUNDRY_DATABASE_URL", ""),
            web_root=Path(env.get("MODELFOUNDRY_WEB_ROOT", defaults.web_root)),
            slots=_count(env, "MODELFOUNDRY_SLOTS", 0),
            upload_limit_bytes=_count(env, "MODELFOUNDRY_UPLOAD_LIMIT_MB", 512) * MEBIBYTE,
            cors_origin=env.get("MODELFOUNDRY_CORS_ORIGIN", ""),
            login=cast("Login", _choice(env, "MODELFOUNDRY_LOGIN", get_args(Login))),
            hosts=_names(env.get("MODELFOUNDRY_HOSTS", "")),
            webhook_hosts=_names(env.get("MODELFOUNDRY_WEBHOOK_HOSTS", "")),
            requests_per_minute=_count(env, "MODELFOUNDRY_REQUESTS_PER_MINUTE", 1200),
            log=cast("LogStyle", _choice(env, "MODELFOUNDRY_LOG", get_args(LogStyle))),
            compatibility=cast(
                "Switch", _choice(env, "MODELFOUNDRY_COMPATIBILITY", get_args(Switch))
            ),
            deepsparse_python=env.get("MODELFOUNDRY_DEEPSPARSE_PYTHON", ""),
        )


def _names(given: str) -> tuple[str, ...]:
    return tuple(given.replace(",", " ").split())


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a variable that is a number of things."""
    given = env.get(name, str(default))
    if not given.isdecimal():
        raise InvalidInputError.of("", f"{name} is {given!r}; give a whole number, 0 or more")
    return int(given)


def _choice(env: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """Read a variable that has few values; the first is the default."""
    given = env.get(name, choices[0])
    if given not in choices:
        raise InvalidInputError.of("", f"{name} is {given!r}; choose one of {', '.join(choices)}")
    return given
