"""Rows 120, 131 and 186: rules in an analyst's hands, decisions with a name, and nobody left without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.use_cases.applications.milestones import CLOSED
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.definitions.uploads import SECOND_ANALYST, draft_of, published, stricter
from tests.web.visitor import Visitor, words

BPMN, ZEEBE = "{http://www.omg.org/spec/BPMN/20100524/MODEL}", "{http://camunda.org/schema/zeebe/1.0}"
PROCESSES = Path(__file__).parents[2] / "processes"
OWN_ACT = ("deleted",)  # who throws a draft away knows it
SMALL = {"requested_amount": "400000.00"}


WAITS = ("userTask", "receiveTask", "boundaryEvent", "intermediateCatchEvent", "startEvent")


class Roads:
    """The roads of one diagram that lead to the end of a case from where it last waited for somebody."""

    def __init__(self, xml: bytes | str) -> None:
        root = ElementTree.fromstring(xml)
        self.elements = {one.get("id"): one for one in root.iter() if one.get("id")}
        self.before: dict[str | None, set[str | None]] = {}
        for one in root.iter(f"{BPMN}sequenceFlow"):
            self.before.setdefault(one.get("targetRef"), set()).add(one.get("sourceRef"))

    def ends(self) -> Iterator[str | None]:
        """The elements at which a case is over."""
        for id_, one in self.elements.items():
            properties = one.findall(f"{BPMN}extensionElements//{ZEEBE}property[@name='milestone']")
            if {part.get("value") for part in properties} & (set(CLOSED) - set(OWN_ACT)):
                yield id_

    def tells_the_firm(self, id_: str | None) -> bool:
        one = self.elements[id_]
        kinds = {part.get("type") for part in one.iter(f"{ZEEBE}taskDefinition")}
        to = [part.get("source") or "" for part in one.iter(f"{ZEEBE}input") if part.get("target") == "to"]
        return "notify_party" in kinds and any('"borrower"' in expression for expression in to)

    def silent(self) -> list[str]:
        """Ends that are reached from a wait, or from the beginning, without a word to the firm on the way."""
        found = []
        for end in self.ends():
            seen: set[str | None] = set()
            open_ = {end}
            while open_:
                here = open_.pop()
                seen.add(here)
                if self.tells_the_firm(here):
                    continue
                earlier = self.before.get(here, set())
                if not earlier or self.elements[here].tag.removeprefix(BPMN) in WAITS:
                    found.append(f"{end} from {here}")
                else:
                    open_ |= earlier - seen
        return found


@pytest.mark.parametrize("file", sorted(PROCESSES.glob("*.bpmn")), ids=lambda file: file.stem)
def test_row_186_no_road_of_a_diagram_ends_a_case_without_a_notice(file: Path) -> None:
    """No path of any diagram ends a case without a notice."""
    assert Roads(file.read_bytes()).silent() == []


def test_row_186_a_road_that_forgets_the_notice_is_seen() -> None:
    """A planted fault: nobody is told any more, and every end of the second review is named."""
    file = (PROCESSES / "second_review.bpmn").read_text("utf-8")

    silent = Roads(file.replace('type="notify_party"', 'type="nobody"')).silent()

    assert {one.partition(" ")[0] for one in silent} == set(Roads(file).ends())


def test_row_120_an_analyst_edits_a_table_runs_old_cases_against_it_and_activates_it(desk: Desk) -> None:
    """Analyst edits a DMN table, runs old cases against it, activates."""
    number = desk.at_initial_review(**SMALL)
    draft = draft_of(desk, stricter(desk.case(number).score or 0))
    second = Visitor(desk, SECOND_ANALYST)
    assert "结果不同 1" in words(second.get(f"/definitions/drafts/{draft}/replay"))
    before = desk.task(number, "initial_review").variables["rating"]

    published(desk, draft)
    later = desk.at_initial_review(people.OTHER_FIRM, **SMALL)

    kept = desk.task(number, "initial_review").variables["rating"]
    assert kept == before and desk.task(later, "initial_review").variables["rating"] != before


def test_row_131_every_decision_has_a_person_and_a_time_and_nobody_approves_their_own(desk: Desk) -> None:
    """Every decision has a person and time; no self approval."""
    number = desk.at_payout()
    desk.prepare_payout(number, "400000.00")
    case_id = desk.case(number).id
    with desk.app.app_context(), reading() as session:
        query = select(UserTask).where(UserTask.case_id == case_id, UserTask.state == "done")
        done = list(session.scalars(query))

    assert len(done) >= 6 and all(task.done_by and task.done_at for task in done)
    by = {task.form_key: task.done_by for task in done}
    assert by["initial_review"] != by["second_review"]
    confirm = desk.task(number, "confirm_payment")
    for login in (people.REVIEWER, people.SECOND_REVIEWER, people.FINANCE_OFFICER):
        refused = Visitor(desk, login).post(f"/tasks/{confirm.id}/complete", {"decision": "confirm"})
        assert refused.status_code in (403, 404), login
