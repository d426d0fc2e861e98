"""Who may do what: on this machine anybody, elsewhere who has a token of enough scope.

A browser sends cookies and reaches this machine on behalf of any page that it shows, so two things
are checked besides: that a request which changes something comes from our own page, and, where no
login is needed, that the server was asked for by a name which no other page can have pointed here.
"""

import hashlib
import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from modelfoundry.api.context import services
from modelfoundry.errors import quoted
from modelfoundry.jobs.token_store import Scope, Token
from modelfoundry.settings import Settings

SESSION_COOKIE = "modelfoundry_session"
CSRF_COOKIE = "modelfoundry_csrf"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_BLUEPRINTS = frozenset({"docs", "frontend", "health", "openapi", "session"})
READING_POSTS = frozenset(
    f"compatibility.{name}" for name in ("search_module", "download", "run_deployment")
)
ADMIN_BLUEPRINTS = frozenset({"tokens", "webhooks"})


def install_identity(app: APIFlask) -> None:
    """Have an app (changed in place) find out who asks, before anything is refused."""
    app.before_request(_identify)


def install_access(app: APIFlask, settings: Settings) -> None:
    """Have every request to an app (changed in place) checked before it is answered."""
    app.before_request(_refuse_foreign_origin)
    app.before_request(_refuse_forged)
    app.before_request(_require_token if settings.login == "required" else _refuse_foreign_host)


def caller() -> Token | None:
    """Tell whose token or session the current request has shown."""
    token: Token | None = g.get("caller")
    return token


def csrf_token(session_secret: str) -> str:
    """Derive what a page has to send beside the session's cookie.

    Who can only have the cookie sent, or plant one, cannot tell it.
    """
    return hashlib.sha256(f"csrf {session_secret}".encode()).hexdigest()


def _identify() -> None:
    given = request.authorization
    secret = given.token if given and _shows_bearer() else request.cookies.get(SESSION_COOKIE)
    g.caller = services().tokens.find(secret) if secret else None


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    is_harmless = request.method in SAFE_METHODS or _shows_bearer()
    if origin is None or is_harmless or origin == services().settings.cors_origin:
        return
    asked_from = origin.partition("://")[2]
    if asked_from != request.host and asked_from not in services().settings.hosts:
        raise Forbidden(f"a page of {origin} may not change anything here; use a token instead")


def _refuse_foreign_host() -> None:
    """Refuse names that a foreign page may have pointed at this machine (DNS rebinding)."""
    name = _name_of(request.host)
    if request.blueprint != "health" and not _is_own_name(name):
        raise Forbidden(
            f"this server does not go by the name {quoted(name)}; name it in MODELFOUNDRY_HOSTS, "
            "or use its address"
        )


def _name_of(host: str) -> str:
    """Take the port off a host; what is none has no name."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_name(name: str) -> bool:
    if name == "localhost" or name in services().settings.hosts:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _require_token() -> None:
    if request.endpoint is None or request.method == "OPTIONS":
        return  # nothing there, or what a browser asks before it asks
    if request.blueprint in OPEN_BLUEPRINTS or request.endpoint.startswith("openapi"):
        return
    token, scope = caller(), _scope_needed()
    if token is None:
        raise Unauthorized(
            "this needs a token that has neither expired nor been revoked; make one with: "
            "modelfoundry tokens create NAME",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "modelfoundry"}),
        )
    if not token.allows(scope):
        raise Forbidden(f"the token {token.name!r} allows {token.scope}; this needs {scope}")


def _scope_needed() -> Scope:
    is_destructive = request.method == "DELETE" and request.blueprint != "uploads"
    if request.blueprint in ADMIN_BLUEPRINTS or is_destructive:
        return "admin"
    is_reading = request.method in SAFE_METHODS or request.endpoint in READING_POSTS
    return "read" if is_reading else "submit"


def _refuse_forged() -> None:
    """Refuse a change that a foreign page may have had the browser send, cookie and all."""
    if caller() is None or request.method in SAFE_METHODS or _shows_bearer():
        return
    wanted = csrf_token(request.cookies.get(SESSION_COOKIE, ""))
    if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), wanted.encode()):
        raise Forbidden(
            f"a session's changes need the header {CSRF_HEADER} with the value of the cookie "
            f"{CSRF_COOKIE}"
        )


def _shows_bearer() -> bool:
    return request.authorization is not None and request.authorization.type == "bearer"
