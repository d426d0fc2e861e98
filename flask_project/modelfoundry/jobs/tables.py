"""The tables, as SQLAlchemy sees them."""

from datetime import UTC, datetime
from typing import ClassVar

from pydantic import JsonValue
from sqlalchemy import JSON, DateTime, ForeignKey, Index, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store in UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read as UTC."""
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """Base of all tables; constraints get names so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        list[str]: JSON,
        dict[str, JsonValue]: JSON,
        dict[str, JsonValue] | None: JSON(none_as_null=True),
    }


class JobRow(Table):
    """One job; see :class:`modelfoundry.jobs.model.Job` for the meaning of the columns."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "state", "queued_at"),
        Index(None, "sweep_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str]
    plan: Mapped[dict[str, JsonValue]]
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    progress: Mapped[dict[str, JsonValue] | None]
    error: Mapped[str | None]
    modules: Mapped[list[str]]
    result: Mapped[dict[str, JsonValue] | None]
    cancel_requested: Mapped[bool]
    resumes: Mapped[bool]
    deaths: Mapped[int]
    sweep_id: Mapped[str | None] = mapped_column(ForeignKey("sweeps.id"))
    last_seq: Mapped[int] = mapped_column(default=0)
    idempotency_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    body_sha256: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[list["AttemptRow"]] = relationship(
        order_by="AttemptRow.number", lazy="selectin"
    )


class SweepRow(Table):
    """A group of jobs that were asked for at once."""

    __tablename__ = "sweeps"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str]
    request: Mapped[dict[str, JsonValue]]
    created_at: Mapped[datetime]
    idempotency_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    body_sha256: Mapped[str | None] = mapped_column(String(64))


class AttemptRow(Table):
    """One try at a job and the process that makes it."""

    __tablename__ = "attempts"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[str | None]
    pid: Mapped[int]
    pid_started: Mapped[float]
    launcher: Mapped[str] = mapped_column(String(16))


class EventRow(Table):
    """One entry of a job's append-only history; only log lines have a level."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "job_id", "level", "seq"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    attempt: Mapped[int]
    type: Mapped[str] = mapped_column(String(16))
    level: Mapped[str | None] = mapped_column(String(8))
    time: Mapped[datetime]
    data: Mapped[dict[str, JsonValue]]


class ModuleRow(Table):
    """One bundle under ``home.modules``; the folder is named after the id."""

    __tablename__ = "modules"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    title: Mapped[str]
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"))
    created_at: Mapped[datetime]
    size_bytes: Mapped[int]
    manifest: Mapped[dict[str, JsonValue]]


class TokenRow(Table):
    """Who may call the API; the secret itself is not kept, and a session has a parent."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(16))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("tokens.id", ondelete="CASCADE"))


class WebhookRow(Table):
    """An address that is told when a job has ended."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]


class DeliveryRow(Table):
    """One end of a job to tell a webhook of; ``next_try_at`` is null once it is settled."""

    __tablename__ = "deliveries"

    webhook_id: Mapped[str] = mapped_column(
        ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True
    )
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]
    next_try_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None]
