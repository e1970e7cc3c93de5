"""Where outside systems call the product: no session and no CSRF token, a signature instead."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.config import CALL_BACK_PATH, SOURCE_CALL_BACK_PATH
from app.use_cases.parties.receive_answer import receive_answer
from app.use_cases.payments.receive_call_back import CallBackRefused, receive_call_back
from app.web.security import CALL_BACK_LIMIT, csrf, limiter

MAX_BODY_BYTES = 16 * 1024
MAX_ANSWER_BYTES = 256 * 1024

blueprint = Blueprint("callbacks", __name__)


@blueprint.url_value_preprocessor
def _small(_endpoint: str | None, _values: Any) -> None:
    """Nothing of a large body is read; this comes before anything that looks into the request."""
    long = request.path == SOURCE_CALL_BACK_PATH
    request.max_content_length = MAX_ANSWER_BYTES if long else MAX_BODY_BYTES


@blueprint.post(CALL_BACK_PATH)
@csrf.exempt
@limiter.limit(CALL_BACK_LIMIT)
def payments() -> Any:
    """The payment channel's call-backs; 200 says that it need not call again, also where it is an alarm."""
    try:
        outcome = receive_call_back(request.path, dict(request.headers.items()), request.get_data(cache=False))
    except CallBackRefused as refused:
        return {"received": False}, 401 if refused.fault in ("wrong", "stale") else 400
    return {"received": True, "outcome": outcome}


@blueprint.post(SOURCE_CALL_BACK_PATH)
@csrf.exempt
@limiter.limit(CALL_BACK_LIMIT)
def sources() -> Any:
    """Answers of outside sources that come later than they were asked for; 200 says that it need not call again."""
    try:
        outcome = receive_answer(request.path, dict(request.headers.items()), request.get_data(cache=False))
    except CallBackRefused as refused:
        return {"received": False}, 401 if refused.fault in ("wrong", "stale") else 400
    return {"received": True, "outcome": outcome}
