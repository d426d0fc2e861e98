"""Send one signed message and tell what became of it."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import datetime

import httpx

SIGNATURE_HEADER = "X-ModelFoundry-Signature"
ANSWER_WITHIN_S = 10.0
MAX_TEXT = 500


@dataclass(frozen=True)
class Answer:
    """What an address has said to a message.

    Attributes:
        status: Of HTTP; None if nobody answered.
        text: The beginning of the answer's body.
        error: Why the message counts as not delivered; None if it was.
    """

    status: int | None
    text: str
    error: str | None
    duration_ms: float


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """Sign a message: ``t=`` its time in seconds since the epoch, ``v1=`` the HMAC-SHA256.

    What is signed is the time, a full stop and the body, so that an old message cannot be passed
    off as a new one.
    """
    seconds = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def post_signed(http: httpx.Client, url: str, body: bytes, *, secret: str, at: datetime) -> Answer:
    """Send a message of JSON; redirections are not followed."""
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: sign(body, secret=secret, at=at),
    }
    began = time.perf_counter()
    try:
        answer = http.post(url, content=body, headers=headers)
    except httpx.HTTPError as failure:
        return Answer(None, "", f"{type(failure).__name__}: {failure}", _since_ms(began))
    error = None if answer.is_success else f"it answered {answer.status_code}"
    return Answer(answer.status_code, answer.text[:MAX_TEXT], error, _since_ms(began))


def _since_ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000
