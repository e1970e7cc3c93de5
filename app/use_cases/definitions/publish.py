"""Publishes diagrams, forms and rules: each process with what it needs becomes one release named by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import engine
from app.engine import ENGINE_VERSION
from app.errors import DefinitionRefused
from app.gateways import clock
from app.moment import Moment
from app.plain import dumps
from app.storage import audit, organisations, releases
from app.storage.database import reading, unit_of_work
from app.use_cases.definitions.catalogue import Catalogue, read_catalogue
from app.use_cases.definitions.date_rules import date_rules
from app.use_cases.definitions.number_versions import number_versions
from app.use_cases.definitions.try_examples import examples_in_force, refused_for_examples


@dataclass(frozen=True)
class Published:
    """A process's release after publication; `changed` is False where the content was in force already."""

    process_key: str
    release_id: str
    changed: bool


@dataclass(frozen=True)
class Prepared:
    """Files that were read and parsed, ready to be put in force in one unit."""

    catalogue: Catalogue
    plans: tuple[Plan, ...]


def publish(files: Mapping[str, bytes], person_id: int | None = None) -> list[Published]:
    """Publishes every executable process and every overview among `files` (path -> bytes).

    Paths are processes/<key>.bpmn, forms/<key>.form, rules/<key>.dmn, with examples as rules/<key>.tests.json
    or .tests.xml; tables are dated besides (date_rules). Raises
    DefinitionRefused with all problems; then nothing is published.
    """
    prepared = prepare(files)
    moment = clock.moment()
    with unit_of_work() as session:
        return put_in_force(session, prepared, person_id, moment)


def prepare(files: Mapping[str, bytes]) -> Prepared:
    """Reads and parses the files outside of any unit, and runs the examples beside tables.

    Raises DefinitionRefused with the faults of all files, else with all examples that fail.
    """
    with reading() as session:
        roles, in_force = organisations.roles_by_key(session), releases.process_keys(session)
        examples = examples_in_force(session, files)
    catalogue = read_catalogue(files, roles, in_force)
    plans = tuple(_plan(catalogue))
    failing = refused_for_examples({**examples, **files}, clock.moment())
    if failing:
        raise DefinitionRefused(failing)
    return Prepared(catalogue, plans)


def put_in_force(
    session: Session, prepared: Prepared, person_id: int | None, moment: Moment, draft_id: int | None = None
) -> list[Published]:
    """Makes releases, products, dated tables and versions of what was prepared; each changed process is audited."""
    releases.lock_definitions(session)
    catalogue = prepared.catalogue
    done = [_put_in_force(session, plan, person_id, moment.now) for plan in prepared.plans]
    for overview in catalogue.overviews.values():
        done.append(_put_overview_in_force(session, overview, catalogue, person_id, moment.now))
    _publish_products(session, catalogue)
    date_rules(session, catalogue.files, catalogue.decision_paths, person_id, moment)
    number_versions(session, catalogue.files, person_id, draft_id)
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
class Plan:
    """A process with its release: `hashes` path -> SHA-256, `spec` None where that release was parsed before."""

    facts: engine.ProcessFacts
    release_id: str
    files: Mapping[str, bytes]
    hashes: Mapping[str, str]
    spec: bytes | None


def _plan(catalogue: Catalogue) -> list[Plan]:
    """Parses what is new, outside of any unit; raises DefinitionRefused with the faults of every process."""
    plans, problems = [], []
    for key, facts in catalogue.processes.items():
        files = catalogue.closure(key)
        hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        release_id = _release_id(key, hashes)
        with reading() as session:
            parsed = releases.spec_of(session, release_id, ENGINE_VERSION) is not None
        try:
            spec = None if parsed else engine.parse_release(key, files)
        except DefinitionRefused as refused:
            problems += [problem for problem in refused.problems if problem not in problems]
        else:
            plans.append(Plan(facts, release_id, files, hashes, spec))
    if problems:
        raise DefinitionRefused(problems)
    return plans


def _release_id(key: str, hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(dumps({"process": key, "files": hashes})).hexdigest()


def _put_in_force(session: Session, plan: Plan, person_id: int | None, now: datetime) -> Published:
    facts, release_id = plan.facts, plan.release_id
    definition = releases.definition(session, facts.process_key)
    if definition is not None and definition.release_id == release_id:
        return Published(facts.process_key, release_id, changed=False)
    if plan.spec is not None:
        _store(session, plan, plan.spec, person_id, now)
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


def _put_overview_in_force(
    session: Session, facts: engine.CollaborationFacts, catalogue: Catalogue, person_id: int | None, now: datetime
) -> Published:
    """An overview is kept as a release of its own, which nothing runs on, so that it has versions as processes have."""
    path = catalogue.overview_paths[facts.key]
    hashes = {path: hashlib.sha256(catalogue.files[path]).hexdigest()}
    release_id = _release_id(facts.key, hashes)
    definition = releases.definition(session, facts.key)
    if definition is not None and definition.release_id == release_id:
        return Published(facts.key, release_id, changed=False)
    _keep_files(session, facts.key, release_id, hashes, catalogue.files, person_id, now)
    session.merge(
        releases.ProcessDefinition(
            process_key=facts.key,
            release_id=release_id,
            name_zh=facts.name.zh or facts.key,
            name_en=facts.name.en,
            stage=releases.OVERVIEW_STAGE,
            properties={},
        )
    )
    session.flush()
    return Published(facts.key, release_id, changed=True)


def _store(session: Session, plan: Plan, spec: bytes, person_id: int | None, now: datetime) -> None:
    _keep_files(session, plan.facts.process_key, plan.release_id, plan.hashes, plan.files, person_id, now)
    session.merge(releases.ReleaseSpec(release_id=plan.release_id, engine_version=ENGINE_VERSION, spec=spec))


def _keep_files(
    session: Session,
    key: str,
    release_id: str,
    hashes: Mapping[str, str],
    files: Mapping[str, bytes],
    person_id: int | None,
    now: datetime,
) -> None:
    for path, sha in hashes.items():
        session.merge(releases.ContentFile(sha256=sha, content=files[path]))
    if session.get(releases.Release, release_id) is None:
        session.add(
            releases.Release(
                id=release_id, process_key=key, files=dict(hashes), published_at=now, published_by=person_id
            )
        )
        session.flush()


def _publish_products(session: Session, catalogue: Catalogue) -> None:
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
