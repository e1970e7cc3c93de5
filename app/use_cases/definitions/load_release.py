"""Loads the release that an instance runs on, parsed once per process and engine version."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from app import engine
from app.decisions import parse_dmn
from app.engine import ENGINE_VERSION
from app.errors import NotFound
from app.forms import Form, parse_form
from app.storage import releases

CACHED_RELEASES = 64


@dataclass(frozen=True)
class LoadedRelease:
    """A release ready to run: the engine's part, the forms by key, and each file's hash."""

    id: str
    process_key: str
    runtime: engine.Release
    files: dict[str, bytes]

    @cached_property
    def forms(self) -> dict[str, Form]:
        parsed = [parse_form(content) for path, content in self.files.items() if path.endswith(".form")]
        return {form.key: form for form in parsed}

    @cached_property
    def facts(self) -> engine.ProcessFacts:
        return next(f for f in engine.process_facts(self.diagram) if f.process_key == self.process_key)

    @cached_property
    def diagram(self) -> bytes:
        """The file that draws the process."""
        diagrams = [content for path, content in sorted(self.files.items()) if path.endswith(".bpmn")]
        return next(c for c in diagrams if any(f.process_key == self.process_key for f in engine.process_facts(c)))

    @cached_property
    def decision_hashes(self) -> dict[str, str]:
        """Decision id -> SHA-256 of the file that defines it."""
        found = {}
        for path, content in self.files.items():
            if path.endswith(".dmn"):
                for decision_id in parse_dmn(content).decisions:
                    found[decision_id] = hashlib.sha256(content).hexdigest()
        return found

    def form(self, key: str) -> Form:
        """The form with this key; raises NotFound where the release has none."""
        if key not in self.forms:
            raise NotFound(
                f"这一步的表单“{key}”不在已发布的版本里。", f'The form "{key}" of this step is not part of the release.'
            )
        return self.forms[key]


_cache: OrderedDict[tuple[str, str], LoadedRelease] = OrderedDict()


def load_release(session: Session, release_id: str) -> LoadedRelease:
    """The release, from this process's cache (releases never change) or from its rows; raises NotFound."""
    key = (release_id, ENGINE_VERSION)
    if key in _cache:
        _cache.move_to_end(key)
        return _cache[key]
    row = session.get(releases.Release, release_id)
    if row is None:
        raise NotFound
    files = releases.files_of(session, row)
    spec = releases.spec_of(session, release_id, ENGINE_VERSION) or engine.parse_release(row.process_key, files)
    loaded = LoadedRelease(release_id, row.process_key, engine.load_release(spec, files), files)
    _cache[key] = loaded
    if len(_cache) > CACHED_RELEASES:
        _cache.popitem(last=False)
    return loaded


def load_current(session: Session, process_key: str) -> LoadedRelease:
    """The release that new instances of a process run on; raises NotFound where none is published."""
    definition = releases.definition(session, process_key)
    if definition is None:
        raise NotFound(f"流程“{process_key}”没有发布。", f'The process "{process_key}" is not published.')
    return load_release(session, definition.release_id)
