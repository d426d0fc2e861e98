"""API tokens: make, list, revoke."""

from datetime import datetime

from apiflask import APIBlueprint, EmptySchema

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.jobs.token_store import Scope
from modelfoundry.services.tokens import NewToken

bp = APIBlueprint("tokens", __name__, url_prefix=API_PREFIX)


class TokenView(View):
    """The right to call the API; ``expires_at`` is null if it holds until revoked."""

    id: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class IssuedTokenView(TokenView):
    """A new token; ``secret`` is shown this once."""

    secret: str


class TokenList(View):
    """All tokens; there are few enough for one page."""

    items: list[TokenView]


@bp.get("/tokens")
@bp.output(TokenList)
def list_tokens() -> TokenList:
    """List the tokens, newest first; expired ones too."""
    return TokenList(items=[TokenView.model_validate(t) for t in services().tokens.all()])


@bp.post("/tokens")
@bp.input(NewToken, location="json")
@bp.output(IssuedTokenView, status_code=201)
def create_token(json_data: NewToken) -> tuple[IssuedTokenView, int]:
    """Make a token; its secret is in this answer alone."""
    issued = services().tokens.create(json_data)
    return IssuedTokenView(**vars(issued.token), secret=issued.secret), 201


@bp.delete("/tokens/<token_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses=[404])
def revoke_token(token_id: str) -> str:
    """End a token, and the sessions that were opened with it."""
    services().tokens.revoke(token_id)
    return ""
