"""A changed table tried on stored evaluations: what would have come out otherwise, and what cannot be said."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import DefinitionRefused, Refused
from app.plain import loads
from app.storage.database import reading, unit_of_work
from app.storage.decision_traces import DecisionTrace
from app.use_cases.definitions.replay_decision import Replayed, replay_decision
from tests.desk import FIRM, Desk
from tests.use_cases.definitions.uploads import RATING, shipped, stricter

SCORE = "rules/credit_score.dmn"
SINCE, UNTIL = date(2020, 1, 1), date(2100, 1, 1)


def stricter_table(score: int) -> bytes:
    return stricter(score)["rating.dmn"]


def replay(desk: Desk, dmn: bytes, decision: str = "rating", **more: Any) -> Replayed:
    with desk.app.app_context(), reading() as session:
        return replay_decision(session, dmn, decision, SINCE, UNTIL, **more)


def rows(desk: Desk, decision: str = "rating") -> list[DecisionTrace]:
    with desk.app.app_context(), reading() as session:
        query = select(DecisionTrace).where(DecisionTrace.decision_key == decision).order_by(DecisionTrace.id)
        return list(session.scalars(query))


def make_older(desk: Desk, **values: Any) -> None:
    """Rows as they were before variables were stored, or with other changes."""
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(DecisionTrace).values(**(values or {"variables": None})))


def test_an_evaluation_stores_all_that_it_could_read(desk: Desk) -> None:
    number = desk.at_initial_review()
    (row,) = rows(desk)
    assert row.variables["case_number"] == number
    assert row.variables["score"] == desk.case(number).score
    assert {"risk", "bureau", "requested_amount"} <= set(row.variables), "also what this table does not read"


def test_a_stricter_table_names_the_case_before_and_after_and_the_rows(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_initial_review()
    score = desk.case(number).score
    assert score is not None

    found = replay(desk, stricter_table(score))

    assert (found.stored, found.changed, found.unchanged, found.not_reproduced_count) == (1, 1, 0, 0)
    (case,) = found.cases
    assert (case.case_number, case.round, case.version) == (number, "1", 1)
    assert (case.before.zh, case.after.zh, case.rules_then, case.rules_now) == ("AA", "A", (2,), (3,))
    assert [(before.zh, after.zh, n) for before, after, n in found.groups] == [("AA", "A", 1)]
    assert [(rule.then, rule.now) for rule in found.rules[:3]] == [(0, 0), (1, 0), (0, 1)]


def test_the_table_in_force_gives_the_same_outcome_for_every_decision_of_a_case(desk: Desk) -> None:
    desk.at_second_review()
    with desk.app.app_context(), reading() as session:
        decisions = set(session.scalars(select(DecisionTrace.decision_key)))
    assert len(decisions) >= 8
    for decision in decisions:
        found = replay(desk, shipped(f"rules/{decision}.dmn"), decision)
        assert (found.changed, found.not_reproduced_count, found.not_replayable) == (0, 0, ()), decision
        assert found.unchanged == found.stored > 0, decision


def test_a_new_input_is_read_from_what_was_stored_and_missed_in_older_rows(desk: Desk) -> None:
    desk.at_initial_review()
    columns = shipped(RATING).replace(b"<text>score</text>", b"<text>score + employees</text>")

    assert replay(desk, columns).replayed == 1
    make_older(desk)
    found = replay(desk, columns)

    assert found.replayed == 0
    ((reason, number),) = found.not_replayable
    assert number == 1 and reason.zh.startswith("当时没有保存") and "信用评分" in reason.zh


def test_older_rows_are_replayed_by_the_columns_of_their_trace(desk: Desk) -> None:
    number = desk.at_initial_review()
    make_older(desk)
    score = desk.case(number).score
    assert score is not None
    assert replay(desk, stricter_table(score)).changed == 1
    assert replay(desk, shipped(SCORE), "credit_score").unchanged == 1


def test_a_stored_outcome_that_its_own_table_does_not_give_is_said_and_not_counted(desk: Desk) -> None:
    desk.at_initial_review()
    (row,) = rows(desk)
    make_older(desk, trace=row.trace | {"outputs": "C"})

    found = replay(desk, shipped(RATING))

    assert (found.changed, found.unchanged, found.not_reproduced_count) == (0, 0, 1)
    assert (found.not_reproduced[0].before.zh, found.not_reproduced[0].after.zh) == ("C", "AA")


def test_the_same_outcome_by_another_row_is_counted_apart(desk: Desk) -> None:
    desk.at_initial_review()
    moved = stricter_table(rows(desk)[0].variables["score"]).replace(b'"A"', b'"AA"')

    found = replay(desk, moved)

    assert (found.unchanged, found.by_other_rules, found.changed) == (1, 1, 0)


def test_the_newest_or_a_time_bound_the_work_and_are_said(desk: Desk) -> None:
    first, second = desk.at_initial_review(), desk.at_initial_review("shen.yue")
    best = max(desk.case(one).score or 0 for one in (first, second))
    newest = replay(desk, stricter_table(best), newest=1)
    assert (newest.stored, newest.seen, [case.case_number for case in newest.cases]) == (2, 1, [second])
    assert replay(desk, stricter_table(best), seconds=0.0).seen == 1


def test_only_the_days_asked_for_are_looked_at(desk: Desk) -> None:
    desk.at_initial_review()
    day = rows(desk)[0].business_on
    with desk.app.app_context(), reading() as session:
        assert replay_decision(session, shipped(RATING), "rating", day, day).stored == 1
        assert replay_decision(session, shipped(RATING), "rating", SINCE, date(2020, 1, 2)).stored == 0
        with pytest.raises(Refused):
            replay_decision(session, shipped(RATING), "rating", UNTIL, SINCE)


def test_a_file_without_the_decision_or_no_table_at_all_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="rating"):
        replay(desk, shipped(RATING), "grade")
    with pytest.raises(DefinitionRefused):
        replay(desk, b"<a/>")


def test_what_is_stored_is_exact(desk: Desk) -> None:
    desk.at_initial_review()
    with desk.app.app_context(), reading() as session:
        text = session.connection().exec_driver_sql("select variables from decision_trace limit 1").scalar_one()
    assert "$decimal" in text and loads(text)["requested_amount"] == rows(desk)[0].variables["requested_amount"]


def test_no_personal_number_stands_in_what_is_stored(desk: Desk) -> None:
    given = str(desk.application(FIRM))
    personal = set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dX](?!\w)", given))
    assert len(personal) >= 2, "the application has personal numbers"
    desk.at_initial_review()
    with desk.app.app_context(), reading() as session:
        query = "select coalesce(variables, '') || trace from decision_trace"
        stored = "".join(session.connection().exec_driver_sql(query).scalars())
    assert len(stored) > 1_000 and [one for one in personal if one in stored] == []
