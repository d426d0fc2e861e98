"""What all requests for work have in common: a dry run, a key, and how both are answered."""

from typing import Any, TypeVar

from flask import request
from pydantic import Field

from modelfoundry.api.context import Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.schemas import Query, View
from modelfoundry.services.requests import Request


class SubmissionQuery(Query):
    """How to take a submission."""

    dry_run: bool = Field(default=False, description="Only check; answer with the plan.")


class EstimateView(View):
    """What some work will cost.

    ``seconds`` is null where nothing like it has been done here, and is told from ``num_like``
    earlier jobs otherwise. ``disk_bytes`` is the most that it takes, null where that is unknown.
    """

    seconds: float | None
    num_like: int
    disk_bytes: int | None
    free_bytes: int


class OutlookView(View):
    """What would be done and what it would cost; the answer to a dry run."""

    title: str
    notes: list[str]
    estimate: EstimateView


REUSED_KEY = "The Idempotency-Key was used for another request."


def answers_with(plan_view: type[OutlookView]) -> dict[int | str, dict[str, Any]]:
    """Describe the answers of a handler besides that the work was taken on.

    Args:
        plan_view: The answer to a dry run; ``api.openapi`` writes its schema.
    """
    schema = {"$ref": f"#/components/schemas/{plan_view.__name__}"}
    return {
        200: {
            "description": "What would be done; the answer to a dry run.",
            "content": {"application/json": {"schema": schema}},
        },
        409: {"description": REUSED_KEY},
    }


PlanView = TypeVar("PlanView", bound=OutlookView)


def taken_on(
    wanted: Request, query: SubmissionQuery, plan_view: type[PlanView]
) -> Reply[JobView] | tuple[PlanView, int]:
    """Queue a job, or only tell what it would be.

    Raises:
        InvalidInputError: The request has faults; all are listed.
        WrongStateError: The Idempotency-Key was used for another request.
    """
    if query.dry_run:
        return plan_view.model_validate(services().jobs.outlook(wanted)), 200
    return accepted(services().jobs.submit(wanted, idempotency_key=idempotency_key()))


def idempotency_key() -> str | None:
    """Read the caller's name for the submission, under which it is taken once only."""
    return request.headers.get("Idempotency-Key")
