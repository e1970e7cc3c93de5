"""How each sandbox source treats who asks: an operator or a test chooses, and a file keeps it over restarts."""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.config import SOURCES
from app.errors import Refused

OK = "ok"
BEHAVIOURS = {
    OK: "answers at once",
    "slow": "answers after some seconds, within the time-out",
    "stalled": "begins its answer and never ends it",
    "down": "closes the connection without a word",
    "failing": "answers 500",
    "busy": "answers 429",
    "wrong_type": "sends a text where a number belongs",
    "wrong_firm": "answers about another firm",
    "html": "sends a page instead of JSON",
    "truncated": "signs an answer and sends half of it",
    "error_in_200": "answers 200 with an error in it",
    "wrong_signature": "signs with another secret",
    "replayed": "repeats the signature of an earlier answer",
    "huge": "sends megabytes",
    "redirect": "sends the caller elsewhere",
    "late": "answers 202 first, and really when it is asked again later",
    "pushed": "answers 202 first, then calls back, three times",
    "duplicated": "answers at once and calls back with the same twice",
}


class Behaviours:
    """What every source does now, read from the file whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path, self._stamp = path, 0
        self._chosen: dict[str, str] = {}

    def of(self, source: str) -> str:
        """One of BEHAVIOURS, ok where nothing was chosen."""
        stamp = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if stamp != self._stamp:
            self._chosen, self._stamp = (chosen(self._path) if stamp else {}), stamp
        return self._chosen.get(source, OK)


def chosen(path: Path) -> dict[str, str]:
    """Source -> behaviour as the file has it; what is no source or no behaviour is left out."""
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {source: name for source, name in found if source in SOURCES and name in BEHAVIOURS}


def choose(path: Path, source: str, behaviour: str) -> None:
    """Lets a source behave so from now on; raises Refused for one that is none."""
    if source not in SOURCES or behaviour not in BEHAVIOURS:
        raise Refused(
            f"没有这个数据源或表现：{source} {behaviour}", f"There is no such source or behaviour: {source} {behaviour}"
        )
    kept = {**chosen(path), source: behaviour}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(kept, indent=1, sort_keys=True), "utf-8")
    os.replace(draft, path)
