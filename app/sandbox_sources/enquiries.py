"""The sandbox sources' own desk: which enquiries came, which are answered later, and which answers it still sends."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.sandbox_sources.answers import answer

MOST_KEPT = 10_000
MOST_ATTEMPTS = 20
Deliver = Callable[[str, bytes], bool]


@dataclass(frozen=True)
class Pace:
    """Seconds: a slow answer, until a late one is there, until one is pushed, and between two pushes of the same."""

    slow: float = 2.0
    stalled: float = 30.0
    late: float = 60.0
    push: float = 5.0
    again: float = 3.0


@dataclass
class _Push:
    source: str
    body: bytes
    due_at: float
    attempts: int = 0


class OtherContent(Exception):
    """The key was used before for another enquiry."""


class Enquiries:
    """What was asked under which key; `deliver` sends (source, body) to the product and says whether it has it."""

    def __init__(self, deliver: Deliver, pace: Pace | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self.pace = pace or Pace()
        self._deliver, self._now, self._lock = deliver, now, threading.Lock()
        self._first: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._pushes: list[_Push] = []

    def take(self, source: str, key: str, content: dict[str, Any]) -> tuple[bool, float]:
        """Notes an enquiry: whether it is new, and for how many seconds it is known; raises OtherContent."""
        digest = hashlib.sha256(json.dumps(content["about"], sort_keys=True).encode()).hexdigest()
        with self._lock:
            is_new = (source, key) not in self._first
            kept, since = self._first.setdefault((source, key), (digest, self._now()))
            while len(self._first) > MOST_KEPT:
                self._first.popitem(last=False)
        if kept != digest:
            raise OtherContent
        return is_new, self._now() - since

    def push(self, source: str, body: bytes, times: int) -> None:
        """Plans to call the product back with an answer, so many times."""
        with self._lock:
            first = self._now() + self.pace.push
            self._pushes += [_Push(source, body, first + number * self.pace.again) for number in range(times)]

    @property
    def pending(self) -> int:
        """How many call-backs are still to be sent."""
        with self._lock:
            return len(self._pushes)

    def work(self) -> int:
        """Sends what is due; how many were tried."""
        with self._lock:
            due = [push for push in self._pushes if push.due_at <= self._now()]
            self._pushes = [push for push in self._pushes if push not in due]
        for push in due:
            push.attempts += 1
            if not self._deliver(push.source, push.body) and push.attempts < MOST_ATTEMPTS:
                push.due_at = self._now() + min(2.0**push.attempts, 60.0)
                with self._lock:
                    self._pushes.append(push)
        return len(due)


def envelope(source: str, key: str, content: dict[str, Any]) -> dict[str, Any]:
    """A good answer to an enquiry {"about": {...}, "asked_at": ISO time}, dated as it was asked."""
    asked_at = datetime.fromisoformat(content["asked_at"])
    reference, data = answer(source, key, content["about"], asked_at.date())
    return {
        "status": "done",
        "key": key,
        "reference": reference,
        "at": content["asked_at"],
        "about": content["about"],
        "data": data,
    }


def written(content: dict[str, Any]) -> bytes:
    """An answer's bytes; a decimal number is a text."""
    return json.dumps(content, default=str, ensure_ascii=False).encode()
