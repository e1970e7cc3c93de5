"""What a draft's table would have decided otherwise, as its page shows it: bounded, numbers of cases by rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.decisions import parse_dmn
from app.errors import NotFound
from app.storage import audit, cases, definitions
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.definitions import DefinitionDraft
from app.texts import Text
from app.use_cases import clock
from app.use_cases.definitions.list_definitions import require_analyst
from app.use_cases.definitions.replay_decision import Replayed, replay_decision
from app.use_cases.permissions import Actor, may

DAYS = 90
NEWEST = 5_000
SECONDS = 8.0
MOST_LISTED = 200


@dataclass(frozen=True)
class DraftReplay:
    """`decisions` are those of the draft's tables, `found` what the chosen one gives (None where there is none).

    `seen_cases` are the ids of listed cases that the actor may see; the others are told without number.
    """

    draft_id: int
    decisions: tuple[tuple[str, Text], ...]
    since: date
    until: date
    found: Replayed | None
    seen_cases: frozenset[int]


def show_replay(actor: Actor, draft_id: int, decision: str, since: date | None) -> DraftReplay:
    """Tries the draft on the evaluations since a date (90 days by default), the newest 5,000 and for 8 seconds at most.

    It is noted in the audit log. Raises NotFound for an unknown draft or decision, Refused for a date to come.
    """
    require_analyst(actor)
    until = clock.moment().business_on
    begin = until - timedelta(days=DAYS) if since is None else since
    with reading() as session:
        if session.get(DefinitionDraft, draft_id) is None:
            raise NotFound
        tables = _tables(session, draft_id)
        names = tuple((key, name) for key, (name, _) in tables.items())
        if not tables or (decision and decision not in tables):
            if decision:
                raise NotFound
            return DraftReplay(draft_id, names, begin, until, None, frozenset())
        key = decision or next(iter(tables))
        found = replay_decision(
            session, tables[key][1], key, begin, until, newest=NEWEST, seconds=SECONDS, most_listed=MOST_LISTED
        )
        ids = {case.case_id for case in (*found.cases, *found.not_reproduced) if case.case_id}
        seen = _seen(session, actor, ids)
    _note(actor, draft_id, found)
    return DraftReplay(draft_id, names, begin, until, found, seen)


def _tables(session: Session, draft_id: int) -> dict[str, tuple[Text, bytes]]:
    """Decision -> its name and the file of the draft that defines it."""
    rows = [row for row in definitions.draft_files(session, [draft_id]) if row.path.endswith(".dmn")]
    contents = definitions.contents(session, (row.sha256 for row in rows))
    return {
        one.id: (one.name, contents[row.sha256])
        for row in rows
        for one in parse_dmn(contents[row.sha256]).decisions.values()
    }


def _seen(session: Session, actor: Actor, ids: Iterable[int]) -> frozenset[int]:
    """Of these cases those that the actor may open."""
    if not (may("view_all_cases", actor) or may("view_cases", actor)):
        return frozenset()
    query = select(LoanCase.id).where(LoanCase.id.in_(set(ids)))
    if actor.case_scope is not None:
        query = query.where(cases.visible_to(actor.case_scope))
    return frozenset(session.scalars(query))


def _note(actor: Actor, draft_id: int, found: Replayed) -> None:
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="replay_rules",
            target=f"draft/{draft_id}",
            detail={"decision": found.decision, "since": found.since.isoformat(), "seen": found.seen},
            at=clock.real_now(),
        )
