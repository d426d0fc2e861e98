"""Webhooks in the database, and what has been and is to be sent to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, func, select
from sqlalchemy.orm import Session

from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.rows import job_of_row
from modelfoundry.jobs.tables import DeliveryRow, JobRow, WebhookRow

TOLD_OF = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Webhook:
    """An address that is told when a job has ended.

    Attributes:
        secret: What its messages are signed with.
        error: Why the newest message that was not delivered was not; None if all were.
    """

    id: str
    url: str
    secret: str
    created_at: datetime
    last_delivered_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One end of a job to tell a webhook of; ``tries`` counts those that failed."""

    webhook_id: str
    url: str
    secret: str
    job: Job
    ended_at: datetime
    tries: int


@dataclass(frozen=True)
class PastDelivery:
    """What became of telling a webhook of the end of a job.

    Attributes:
        tries: How many failed.
        next_try_at: None once it is settled.
        error: Why the newest try failed; None if it did not.
    """

    job_id: str
    job_title: str
    ended_at: datetime
    tries: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    error: str | None


class WebhookStore:
    """Keeps webhooks and their deliveries."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def add(self, webhook: Webhook) -> None:
        """Keep a new webhook; it is told of jobs that end from its creation on."""
        with Session(self._writable) as session, session.begin():
            session.add(
                WebhookRow(
                    id=webhook.id,
                    url=webhook.url,
                    secret=webhook.secret,
                    created_at=webhook.created_at,
                )
            )

    def all(self) -> list[Webhook]:
        """List the webhooks, newest first."""
        rows = select(WebhookRow).order_by(WebhookRow.created_at.desc(), WebhookRow.id)
        with Session(self._readable) as session:
            return [_webhook_of_row(session, row) for row in session.scalars(rows)]

    def get(self, webhook_id: str) -> Webhook:
        """Fetch a webhook; raises ``UnknownNameError``."""
        with Session(self._readable) as session:
            row = session.get(WebhookRow, webhook_id)
            if row is None:
                raise UnknownNameError("webhook", webhook_id)
            return _webhook_of_row(session, row)

    def deliveries(self, webhook_id: str, *, limit: int) -> list[PastDelivery]:
        """List what a webhook was told or is to be told, newest first."""
        wanted = (
            select(DeliveryRow, JobRow.title)
            .join(JobRow, JobRow.id == DeliveryRow.job_id)
            .where(DeliveryRow.webhook_id == webhook_id)
            .order_by(DeliveryRow.ended_at.desc())
            .limit(limit)
        )
        with Session(self._readable) as session:
            return [
                PastDelivery(
                    job_id=row.job_id,
                    job_title=title,
                    ended_at=row.ended_at,
                    tries=row.tries,
                    next_try_at=row.next_try_at,
                    delivered_at=row.delivered_at,
                    error=row.error,
                )
                for row, title in session.execute(wanted)
            ]

    def delete(self, webhook_id: str) -> None:
        """Forget a webhook and what is to be sent to it; raises ``UnknownNameError``."""
        with Session(self._writable) as session, session.begin():
            row = session.get(WebhookRow, webhook_id)
            if row is None:
                raise UnknownNameError("webhook", webhook_id)
            session.delete(row)

    def plan(self) -> None:
        """Plan a delivery to every webhook for each end of a job that it was not planned for."""
        planned = and_(
            DeliveryRow.webhook_id == WebhookRow.id,
            DeliveryRow.job_id == JobRow.id,
            DeliveryRow.ended_at == JobRow.ended_at,
        )
        missing = (
            select(WebhookRow.id, JobRow.id, JobRow.ended_at)
            .join(JobRow, JobRow.ended_at >= WebhookRow.created_at)
            .outerjoin(DeliveryRow, planned)
            .where(JobRow.state.in_(TOLD_OF), DeliveryRow.job_id.is_(None))
        )
        with Session(self._readable) as session:
            found = session.execute(missing).all()
        if not found:  # nearly always; the write lock is not for nothing
            return
        with Session(self._writable) as session, session.begin():
            for webhook_id, job_id, ended_at in session.execute(missing).all():
                session.add(
                    DeliveryRow(
                        webhook_id=webhook_id,
                        job_id=job_id,
                        ended_at=ended_at,
                        tries=0,
                        next_try_at=ended_at,
                    )
                )

    def due(self, now: datetime, *, limit: int) -> list[Delivery]:
        """List deliveries whose time has come, longest due first."""
        wanted = (
            select(DeliveryRow, WebhookRow, JobRow)
            .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
            .join(JobRow, JobRow.id == DeliveryRow.job_id)
            .where(DeliveryRow.next_try_at <= now)
            .order_by(DeliveryRow.next_try_at)
            .limit(limit)
        )
        with Session(self._readable) as session:
            return [
                Delivery(hook.id, hook.url, hook.secret, job_of_row(job), row.ended_at, row.tries)
                for row, hook, job in session.execute(wanted)
            ]

    def note_delivered(self, delivery: Delivery, now: datetime) -> None:
        """Keep that a delivery has arrived."""
        self._change(delivery, delivered_at=now, next_try_at=None, error=None)

    def note_failed(self, delivery: Delivery, error: str, *, next_try_at: datetime | None) -> None:
        """Keep that a try failed; without a next one the delivery is given up."""
        tries = delivery.tries + 1
        self._change(delivery, tries=tries, next_try_at=next_try_at, error=error)

    def _change(self, delivery: Delivery, **values: object) -> None:
        key = (delivery.webhook_id, delivery.job.id, delivery.ended_at)
        with Session(self._writable) as session, session.begin():
            row = session.get(DeliveryRow, key)
            if row is not None:  # the webhook may have been deleted meanwhile
                for name, value in values.items():
                    setattr(row, name, value)


def _webhook_of_row(session: Session, row: WebhookRow) -> Webhook:
    of_hook = DeliveryRow.webhook_id == row.id
    failed = select(DeliveryRow.error).where(of_hook, DeliveryRow.error.is_not(None))
    return Webhook(
        id=row.id,
        url=row.url,
        secret=row.secret,
        created_at=row.created_at,
        last_delivered_at=session.scalar(select(func.max(DeliveryRow.delivered_at)).where(of_hook)),
        error=session.scalar(failed.order_by(DeliveryRow.ended_at.desc()).limit(1)),
    )
