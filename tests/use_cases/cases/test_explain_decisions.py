"""What a reviewer reads of a case's decisions: answer, reason, rows, points, inputs, version, and earlier ones."""

from __future__ import annotations

from sqlalchemy import select

from app.storage.database import reading, unit_of_work
from app.storage.decision_traces import DecisionTrace
from app.storage.definitions import DefinitionVersion
from app.use_cases.cases.explain_decisions import Explained, explain_decisions, summarise_decisions
from tests.desk import Desk


def rows(desk: Desk) -> list[DecisionTrace]:
    with desk.app.app_context(), reading() as session:
        return list(session.scalars(select(DecisionTrace).order_by(DecisionTrace.id)))


def explained(desk: Desk) -> dict[str, Explained]:
    found = rows(desk)
    with desk.app.app_context():
        return {one.key: one for one in explain_decisions(found)}


def test_points_are_told_each_with_its_reason_and_the_most_that_it_could_have_been(desk: Desk) -> None:
    number = desk.at_initial_review()
    score = explained(desk)["credit_score"]
    assert sum(one.points for one in score.contributions) == desk.case(number).score
    points = [one.points for one in score.contributions]
    assert points == sorted(points, reverse=True)
    assert all(one.most is not None and one.most >= one.points for one in score.contributions)
    assert score.reason.zh.startswith(f"{len(points)} 项合计；加分最多：")
    assert f"+{points[0]}" in score.reason.of("en")


def test_a_row_is_told_with_the_value_that_met_its_condition_and_the_version_of_its_table(desk: Desk) -> None:
    number = desk.at_initial_review()
    rating = explained(desk)["rating"]
    score = desk.case(number).score
    assert (rating.answer.zh, rating.rows, rating.reason.zh) == ("AA", (2,), "700 到 850 分")
    assert rating.hits[0].because.zh == f"信用评分 {score}（≥ 700 且 < 850）"
    assert rating.hits[0].because.of("en") == f"Credit score {score} (≥ 700 and < 850)"
    assert rating.version is not None
    assert (rating.version.path, rating.version.number) == ("rules/rating.dmn", 1)
    assert rating.round == "1"


def test_no_match_is_said_plainly_with_how_many_rows_were_looked_at(desk: Desk) -> None:
    desk.at_initial_review()
    knockouts = explained(desk)["policy_knockout"]
    assert (knockouts.answer.zh, knockouts.hits) == ("没有规则命中", ())
    assert knockouts.table is not None
    assert knockouts.reason.zh == f"查了 {len(knockouts.table.rows)} 行，没有一行适用"


def test_an_earlier_evaluation_is_kept_beside_the_newest(desk: Desk) -> None:
    desk.at_initial_review()
    first = next(row for row in rows(desk) if row.decision_key == "rating")
    given = {column.name: getattr(first, column.name) for column in DecisionTrace.__table__.columns}
    again = given | {"id": None, "trace": first.trace | {"outputs": "C"}}
    with desk.app.app_context(), unit_of_work() as session:
        session.add(DecisionTrace(**again))
    told = explained(desk)["rating"]
    assert (told.answer.zh, [one.answer.zh for one in told.earlier]) == ("C", ["AA"])


def test_a_table_whose_file_is_not_known_any_more_is_told_without_it(desk: Desk) -> None:
    desk.at_initial_review()
    with desk.app.app_context(), unit_of_work() as session:
        for row in session.scalars(select(DecisionTrace)):
            row.content_hash = "0" * 64
        assert session.scalars(select(DefinitionVersion)).first()
    rating = explained(desk)["rating"]
    assert (rating.answer.zh, rating.version, rating.table) == ("AA", None, None)


def test_the_summary_of_a_case_has_the_newest_answer_of_each_table(desk: Desk) -> None:
    desk.at_initial_review()
    found = rows(desk)
    with desk.app.app_context():
        told = {one.name.zh: one.answer.zh for one in summarise_decisions(found)}
    assert told["评级"] == "AA"
    assert "等" in told["资料清单"], "a checklist is told by its first names"
