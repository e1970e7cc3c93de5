"""Structured logs: one JSON object a line, a request's id on each of them, personal numbers masked."""

from __future__ import annotations

import logging
import re
import sys
import uuid
from collections.abc import Mapping, MutableMapping
from functools import partial
from typing import Any, TextIO

import structlog

_REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}\Z")
# An identity number has a birth date in its middle and a phone number begins with 1 and 3 to 9: both are told apart
# from counters. A bank number is any run of 13 to 19 digits, grouped or not, that is no part of a hash or a key.
_IDENTITY = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)
_BANK = re.compile(r"(?<![0-9A-Za-z.])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9])(?:86)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_PATTERNS = (("id", _IDENTITY), ("phone", _PHONE), ("bank", _BANK))
_LOGGERS_WITH_OWN_HANDLERS = ("gunicorn.error", "gunicorn.access", "rq.worker", "rq.job", "rq.queue")
_TALKATIVE_LOGGERS = ("alembic", "rq")
MAX_DEPTH = 8


def mask_text(text: str) -> str:
    """`text` with each phone, identity and bank number replaced by its kind and last two characters."""
    for kind, pattern in _PATTERNS:
        text = pattern.sub(partial(_shown, kind), text)
    return text


def _shown(kind: str, found: re.Match[str]) -> str:
    return f"[{kind} ..{found.group()[-2:]}]"


def masked(value: Any, depth: int = 0) -> Any:
    """A log value with masked texts, also in keys, lists and mappings; other objects become their masked str()."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = str(value)
        shown = mask_text(text)
        return value if shown == text else shown
    if depth > MAX_DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return {mask_text(str(key)): masked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item, depth + 1) for item in value]
    return mask_text(str(value))


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: item if key in ("timestamp", "level") else masked(item) for key, item in event.items()}


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sends structlog's and the standard library's records as JSON lines to `stream` (default: standard output)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # masking stands last, so that nothing which another processor added escapes it
    rendering: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _mask_event,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=rendering))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE_LOGGERS:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _LOGGERS_WITH_OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True


def configure_for_commands() -> None:
    """Warnings to standard error, where nothing was configured yet: a command's standard output is its result."""
    if not structlog.is_configured():
        configure(logging.WARNING, sys.stderr)


def begin_request(request_id: str | None = None) -> str:
    """Starts a request's (or job's) log context and returns its id: the caller's if a plain word, else a new one."""
    if request_id is None or not _REQUEST_ID.match(request_id):
        request_id = uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id
