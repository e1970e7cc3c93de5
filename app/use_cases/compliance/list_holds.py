"""Lists compliance holds: all of a bank's for its officers, one with what was said of it, and those of a case."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import FourEyes, NotFound
from app.storage import compliance, people
from app.storage.cases import LoanCase
from app.storage.compliance import ComplianceHold, HoldOpinion
from app.storage.database import reading
from app.texts import Text
from app.use_cases.compliance.clear_hold import require_apart_from_case, task_about
from app.use_cases.permissions import Actor, may, require

PAGE_SIZE = 20
SHOWN = {"open": (compliance.OPEN,), "cleared": (compliance.CLEARED,), "upheld": (compliance.UPHELD,)}


@dataclass(frozen=True)
class HoldLine:
    """A hold with its case, who opened it (None: the screening), and what was said of it with the persons' names."""

    hold: ComplianceHold
    case: LoanCase
    opened_by: Text | None
    opinions: tuple[tuple[HoldOpinion, Text], ...]


@dataclass(frozen=True)
class HoldList:
    """A page of holds, newest first, and how many are in each state."""

    lines: tuple[HoldLine, ...]
    counts: dict[str, int]
    total: int


@dataclass(frozen=True)
class HoldDetail:
    """One hold; `barred` says in words why the reader may not decide it here, None where they may.

    `task_id` is the task that decides it, where a process waits for that.
    """

    line: HoldLine
    barred: Text | None
    task_id: int | None


def list_holds(actor: Actor, chosen: str, page: int) -> HoldList:
    """The holds of the actor's bank in the chosen state (a key of SHOWN)."""
    require("manage_holds", actor)
    with reading() as session:
        counts = compliance.count_by_state(session, actor.organisation_id)
        found = compliance.of_funder(
            session, actor.organisation_id, SHOWN[chosen], limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
        return HoldList(_lines(session, found), counts, sum(counts.get(state, 0) for state in SHOWN[chosen]))


def show_hold(actor: Actor, hold_id: int) -> HoldDetail:
    """One hold of the actor's bank; raises NotFound."""
    require("manage_holds", actor)
    with reading() as session:
        found = compliance.visible(session, hold_id, actor.organisation_id)
        if found is None:
            raise NotFound
        (line,) = _lines(session, [found])
        barred, task = _barred(session, line, actor), task_about(session, line.hold)
        if barred is None and task is not None:
            barred = Text(
                f"流程在等这项结论，请在待办“{task.name.zh}”里办理。",
                f'The process waits for this decision; please make it in the task "{task.name.of("en")}".',
            )
            return HoldDetail(line, barred, task.id)
        return HoldDetail(line, barred, None)


def holds_of_case(actor: Actor, case: LoanCase) -> tuple[HoldLine, ...]:
    """The holds of a case that the actor may see as staff, newest first; who may not manage holds gets no words."""
    if not (may("view_cases", actor) or may("view_all_cases", actor)):
        return ()
    with reading() as session:
        rows = [(hold, case) for hold in reversed(compliance.of_case(session, case.id))]
        return _lines(session, rows)


def _lines(session: Session, rows: list[tuple[ComplianceHold, LoanCase]]) -> tuple[HoldLine, ...]:
    said = compliance.opinions(session, [hold.id for hold, _ in rows])
    named = people.names(
        session, {one.person_id for one in said} | {hold.opened_by for hold, _ in rows if hold.opened_by is not None}
    )
    words = {id_: Text(person.name_zh, person.name_en) for id_, person in named.items()}
    return tuple(
        HoldLine(
            hold,
            case,
            words.get(hold.opened_by or 0),
            tuple((one, words[one.person_id]) for one in said if one.hold_id == hold.id),
        )
        for hold, case in rows
    )


def _barred(session: Session, line: HoldLine, actor: Actor) -> Text | None:
    if line.hold.state != compliance.OPEN:
        return Text("这项暂缓已经有结论。", "This hold is already decided.")
    if any(one.person_id == actor.person_id for one, _ in line.opinions):
        return Text("您已同意解除，等待第二位合规人员。", "You cleared it; a second officer has to as well.")
    try:
        require_apart_from_case(session, line.hold, line.case, actor.person_id)
    except FourEyes as error:
        return error.text
    return None
