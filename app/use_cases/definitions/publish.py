"""Publishes diagrams, forms and rules: each process with what it needs becomes one release named by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import engine
from app.decisions import parse_dmn
from app.engine import ENGINE_VERSION
from app.errors import DefinitionRefused, Problem
from app.forms import Form, parse_form
from app.gateways import clock
from app.plain import dumps
from app.storage import audit, releases
from app.storage.database import unit_of_work
from app.texts import Text


@dataclass(frozen=True)
class Published:
    """A process's release after publication; `changed` is False where the content was in force already."""

    process_key: str
    release_id: str
    changed: bool


def publish(files: Mapping[str, bytes], person_id: int | None = None) -> list[Published]:
    """Publishes every executable process among `files` (path -> bytes).

    Paths are processes/<key>.bpmn, forms/<key>.form, rules/<key>.dmn. Raises DefinitionRefused with all problems;
    then nothing is published.
    """
    catalogue = _Catalogue.read(files)
    moment = clock.moment()
    with unit_of_work() as session:
        done = [
            _publish_process(session, catalogue, facts, person_id, moment.now) for facts in catalogue.processes.values()
        ]
        _publish_products(session, catalogue)
        for result in done:
            if result.changed:
                audit.record(
                    session,
                    organisation_id=None,
                    person_id=person_id,
                    verb="publish_definitions",
                    target=result.process_key,
                    detail={"release": result.release_id},
                    at=clock.real_now(),
                )
    return done


@dataclass(frozen=True)
class _Catalogue:
    """All files with what was read from each."""

    files: Mapping[str, bytes]
    processes: dict[str, engine.ProcessFacts]
    process_paths: dict[str, str]
    forms: dict[str, Form]
    form_paths: dict[str, str]
    decision_paths: dict[str, str]

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> _Catalogue:
        found = cls(files, {}, {}, {}, {}, {})
        for path, content in sorted(files.items()):
            if path.endswith(".form"):
                form = parse_form(content)
                found.forms[form.key], found.form_paths[form.key] = form, path
            elif path.endswith(".dmn"):
                found.decision_paths.update(dict.fromkeys(parse_dmn(content).decisions, path))
            elif path.endswith(".bpmn"):
                for facts in engine.process_facts(content):
                    found.processes[facts.process_key], found.process_paths[facts.process_key] = facts, path
        return found

    def closure(self, process_key: str) -> dict[str, bytes]:
        """What a process runs on: its diagram, called processes, their tables, and their forms."""
        wanted, todo, seen = set(), [process_key], set()
        while todo:
            facts = self.processes[todo.pop()]
            if facts.process_key in seen:
                continue
            seen.add(facts.process_key)
            wanted.add(self.process_paths[facts.process_key])
            wanted |= {self.decision_paths[d] for d in facts.decision_ids if d in self.decision_paths}
            wanted |= {self.form_paths[f] for f in facts.form_keys if f in self.form_paths}
            wanted |= {
                self.form_paths[k]
                for k, form in self.forms.items()
                if form.properties.get("process") == facts.process_key
            }
            todo += [called for called in facts.called_processes if called in self.processes]
        return {path: self.files[path] for path in sorted(wanted)}


def _publish_process(
    session: Session, catalogue: _Catalogue, facts: engine.ProcessFacts, person_id: int | None, now: datetime
) -> Published:
    missing = [form for form in facts.form_keys if form not in catalogue.forms]
    if missing:
        raise DefinitionRefused(
            [
                Problem(facts.process_key, None, Text(f"缺少表单“{key}”", f'the form "{key}" is missing'))
                for key in missing
            ]
        )
    files = catalogue.closure(facts.process_key)
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    release_id = hashlib.sha256(dumps({"process": facts.process_key, "files": hashes})).hexdigest()
    definition = releases.definition(session, facts.process_key)
    if definition is not None and definition.release_id == release_id:
        return Published(facts.process_key, release_id, changed=False)
    if session.get(releases.Release, release_id) is None:
        spec = engine.parse_release(facts.process_key, files)
        for path, sha in hashes.items():
            session.merge(releases.ContentFile(sha256=sha, content=files[path]))
        session.add(
            releases.Release(
                id=release_id, process_key=facts.process_key, files=hashes, published_at=now, published_by=person_id
            )
        )
        session.flush()
        session.add(releases.ReleaseSpec(release_id=release_id, engine_version=ENGINE_VERSION, spec=spec))
    session.merge(
        releases.ProcessDefinition(
            process_key=facts.process_key,
            release_id=release_id,
            name_zh=facts.name.zh,
            name_en=facts.name.en,
            stage=int(facts.properties.get("stage", "0")),
            properties=dict(facts.properties),
        )
    )
    session.execute(delete(releases.MessageStart).where(releases.MessageStart.process_key == facts.process_key))
    session.add_all([releases.MessageStart(name=name, process_key=facts.process_key) for name in facts.start_messages])
    session.flush()
    return Published(facts.process_key, release_id, changed=True)


def _publish_products(session: Session, catalogue: _Catalogue) -> None:
    for form in catalogue.forms.values():
        given = form.properties
        if "product" not in given or given.get("process") not in catalogue.processes:
            continue
        session.merge(
            releases.Product(
                key=given["product"],
                process_key=given["process"],
                form_key=form.key,
                name_zh=given.get("product_name_zh", form.name.zh),
                name_en=given.get("product_name_en", form.name.en),
                text_zh=given.get("product_text_zh", ""),
                text_en=given.get("product_text_en", ""),
                position=int(given.get("order", "0")),
            )
        )
