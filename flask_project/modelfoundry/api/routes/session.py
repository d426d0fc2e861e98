"""The session of a browser: open it with a token, look at it, end it."""

from apiflask import APIBlueprint, EmptySchema
from flask import Response, after_this_request, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import Unauthorized

from modelfoundry.api.access import CSRF_COOKIE, SESSION_COOKIE, caller, csrf_token
from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.jobs.token_store import Scope
from modelfoundry.services.tokens import Issued

bp = APIBlueprint("session", __name__, url_prefix=API_PREFIX)


class NewSession(BaseModel):
    """What to log in with."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    token: str = Field(max_length=200, description="The secret of an API token.")


class SessionView(View):
    """Who is asking and what they may do; ``scope`` is null for somebody who has to log in.

    ``name`` is that of the token, and null where none was shown.
    """

    login_required: bool
    name: str | None
    scope: Scope | None


@bp.get("/session")
@bp.output(SessionView)
def get_session() -> SessionView:
    """Tell whether a login is needed, and what the one who asks may do."""
    token = caller()
    if services().settings.login != "required":
        return SessionView(login_required=False, name=None, scope="admin")
    if token is None:
        return SessionView(login_required=True, name=None, scope=None)
    return SessionView(login_required=True, name=token.name, scope=token.scope)


@bp.post("/session")
@bp.input(NewSession, location="json")
@bp.output(SessionView, status_code=201)
@bp.doc(responses=[401])
def open_session(json_data: NewSession) -> SessionView:
    """Log a browser in: the session is a cookie, and a second cookie is for ``X-CSRF-Token``."""
    issued = services().tokens.open_session(json_data.token)
    if issued is None:
        raise Unauthorized("no token has this secret; it may be mistyped, expired or revoked")
    after_this_request(lambda response: _with_cookies(response, issued))
    return SessionView(login_required=True, name=issued.token.name, scope=issued.token.scope)


@bp.delete("/session")
@bp.output(EmptySchema, status_code=204)
def close_session() -> str:
    """Log a browser out; where there is no session, nothing happens."""
    token = caller()
    if token is not None and token.parent_id is not None:
        services().tokens.revoke(token.id)
    after_this_request(_without_cookies)
    return ""


def _with_cookies(response: Response, issued: Issued) -> Response:
    is_secure = "https" in (request.scheme, request.headers.get("X-Forwarded-Proto"))
    values = {SESSION_COOKIE: issued.secret, CSRF_COOKIE: csrf_token(issued.secret)}
    for name, value in values.items():
        response.set_cookie(
            name,
            value,
            expires=issued.token.expires_at,
            secure=is_secure,
            httponly=name == SESSION_COOKIE,
            samesite="Strict",
        )
    return response


def _without_cookies(response: Response) -> Response:
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, samesite="Strict")
    return response
