"""What browsers are told to refuse of our answers."""

from apiflask import APIFlask
from flask import Response, request

PAGE_BLUEPRINTS = frozenset({"docs", "frontend"})
# Scripts come from files of ours alone, and networks run as WebAssembly; style elements are made
# by the widget library; pictures are also made in the page, of what a camera or a pen has drawn.
PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def install_security_headers(app: APIFlask) -> None:
    """Have every answer of an app (changed in place) say what it must not be used for."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    is_page = request.blueprint in PAGE_BLUEPRINTS and not response.is_json
    response.headers.update(
        {
            "Content-Security-Policy": PAGE_POLICY if is_page else OTHER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        }
    )
    return response
