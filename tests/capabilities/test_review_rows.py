"""Rows 75 to 84, 111 and 116: what the initial review asks, finds, scores and decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

from app.gateways import clock, sources
from app.gateways.sandboxes import Availability, sandboxes
from app.gateways.sources import Reply
from app.texts import Text
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.processes.rule_tables import GRADES, decide, model
from tests.use_cases.definitions.uploads import draft_of, published, shipped
from tests.use_cases.lookups import told
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}
TERMS = answers.INITIAL_PASS["proposal"] | {"amount": "400000.00"}
PASS = answers.INITIAL_PASS | {"proposal": TERMS}
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Says:
    """A source that always gives the same."""

    def __init__(self, **data: Any) -> None:
        self.data = data

    def ask(self, *_about: Any, **_named: Any) -> Reply:
        return Reply(Text("样板来源", "Sample source"), "YB-1", clock.moment().now, dict(self.data))


@pytest.fixture
def outside(desk: Desk) -> Iterator[sources.Sources]:
    """The sources of the desk's app, which a test may exchange."""
    before, changed = sources.current(), sandboxes(Availability())
    sources.use(changed)
    yield changed
    sources.use(before)


def poor(outside: sources.Sources, score: int, overdue: int) -> None:
    """Makes every firm a poor one: C with 20 days overdue, D with 80."""
    outside.risk_platform = Says(score=score, flags=[])
    outside.credit_bureau = Says(overdue_days_max=overdue, queries_6m=8, open_loans=5, balance_yuan=Decimal(0))
    outside.court_records = Says(cases_open=4, enforced=0, dishonest=False, amount_yuan=Decimal(0), judgments=[])


def test_row_075_the_initial_review_passes_or_fails_with_its_reason(desk: Desk) -> None:
    """Decision with remarks; fail needs a reason."""
    number = desk.at_initial_review(**SMALL)
    page = Visitor(desk, people.REVIEWER)
    task_id = desk.task(number, "initial_review").id
    without = {key: value for key, value in answers.INITIAL_FAIL.items() if not key.startswith("reason_")}

    refused = page.post(f"/tasks/{task_id}/complete", without)
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_FAIL)

    assert refused.status_code == 422 and desk.task_row(task_id).state != "open"
    assert desk.case(number).milestone == "refused"


def test_row_078_each_of_the_three_checks_needs_an_answer(desk: Desk) -> None:
    """Checklist with three parts, each needs an answer."""
    number = desk.at_initial_review(**SMALL)
    task_id = desk.task(number, "initial_review").id
    page = Visitor(desk, people.REVIEWER)

    for part in ("qualification", "finances", "purpose_supported"):
        left_out = {key: value for key, value in PASS.items() if key != part}
        assert page.post(f"/tasks/{task_id}/complete", left_out).status_code == 422, part
    unexplained = PASS | {"finances": "no", "finances_remark": ""}
    assert page.post(f"/tasks/{task_id}/complete", unexplained).status_code == 422
    assert desk.task_row(task_id).state == "open"


@pytest.mark.parametrize(
    ("field", "beyond"), [("amount", "9000000.00"), ("rate_percent", "3.10"), ("term_months", "37")]
)
def test_row_079_the_tables_propose_and_a_reviewer_may_lower_but_not_raise(desk: Desk, field: str, beyond: str) -> None:
    """Proposed amount and rate filled by DMN; reviewer may lower, not raise above the limit."""
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    proposed = task.variables["proposal"]
    page = Visitor(desk, people.REVIEWER)

    raised = page.post(f"/tasks/{task.id}/complete", PASS | {"proposal": TERMS | {field: beyond}})
    desk.complete(people.REVIEWER, number, "initial_review", PASS | {"proposal": TERMS | {"amount": "390000.00"}})

    assert (
        proposed["amount"] == Decimal("400000.00")
        and proposed["rate_percent"] == task.variables["pricing"]["rate_percent"]
    )
    assert raised.status_code == 422 and desk.case(number).milestone == "initial_passed"


def test_row_080_the_firm_is_told_the_result_at_once_with_the_reason(desk: Desk) -> None:
    """Message within a minute; reason included on refusal."""
    with clock.fixed_at(NOON):
        number = desk.at_initial_review(**SMALL)
        desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_FAIL)

    assert answers.INITIAL_FAIL["reason_text"] in told(desk, number, "qingxi")[0]


def test_row_083_the_worst_rating_is_refused_by_table_and_a_poor_one_needs_the_lead(
    desk: Desk, outside: sources.Sources
) -> None:
    """The worst ratings are sent to a senior lane or refused by table."""
    poor(outside, 21, 80)
    worst = desk.submit(**SMALL)
    poor(outside, 25, 20)
    weak = desk.at_initial_review(people.OTHER_FIRM, **SMALL)
    variables = desk.task(weak, "initial_review").variables
    terms = {"amount": "50000.00", "rate_percent": "6.00", "term_months": "6", "repayment_method": "equal_instalment"}
    desk.complete(people.REVIEWER, weak, "initial_review", PASS | {"proposal": terms})

    assert desk.case(worst).rating == "D" and desk.waits_for(worst, "refusal_confirmation")
    assert variables["rating"] == "C" and desk.waits_for(weak, "lead_decision")


def test_row_084_rating_c_is_lent_to_for_six_months_at_most_in_instalments(
    desk: Desk, outside: sources.Sources
) -> None:
    """Table says max term 6 months for rating C."""
    poor(outside, 25, 20)
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    limit = task.variables["limit"]
    terms = {"amount": "50000.00", "rate_percent": "6.00", "term_months": "7", "repayment_method": "equal_instalment"}

    longer = Visitor(desk, people.REVIEWER).post(f"/tasks/{task.id}/complete", PASS | {"proposal": terms})

    assert (task.variables["rating"], limit["max_term_months"]) == ("C", 6) and longer.status_code == 422
    assert limit["methods"] == ["equal_instalment", "equal_principal"]


def test_row_084_an_analyst_changes_the_term_without_code_and_the_next_case_has_it(
    desk: Desk, outside: sources.Sources
) -> None:
    """Table says max term 6 months for rating C; whoever may edit the table changes that, for later cases only."""
    poor(outside, 25, 20)
    before = desk.at_initial_review(**SMALL)
    table = shipped("rules/limit_and_term.dmn").decode().replace("<text>6</text>", "<text>5</text>")
    examples = orjson.loads(shipped("rules/limit_and_term.tests.json"))
    for example in examples["examples"]:
        if example["expected"].get("max_term_months") == 6 and example["inputs"]["product"] != "warehouse-receipt":
            example["expected"]["max_term_months"] = 5

    files = {"limit_and_term.dmn": table.encode(), "limit_and_term.tests.json": orjson.dumps(examples)}
    published(desk, draft_of(desk, files))
    after = desk.at_initial_review(people.OTHER_FIRM, **SMALL)

    terms = [desk.task(one, "initial_review").variables["limit"]["max_term_months"] for one in (before, after)]
    assert terms == [6, 5]


def test_row_111_the_score_tells_what_every_input_gave_and_what_was_missing(desk: Desk) -> None:
    """Score with the contribution of every input."""
    number = desk.at_initial_review(**SMALL)
    page = words(Visitor(desk, people.REVIEWER).get(f"/tasks/{desk.task(number, 'initial_review').id}?tab=rules"))
    facts = {"risk": {"score": 60}, "bureau": {"overdue_days_max": 0, "queries_6m": 1, "open_loans": 0}}
    trace = model("credit_score").evaluate("credit_score", facts, clock.moment()).traces[-1]

    assert sum(hit.outputs["points"] for hit in trace.hits) == decide("credit_score", facts)
    for row in ("风控评分", "最长逾期天数", "未结涉诉案件", "合计", "缺数据按中性给分"):
        assert row in page


def test_row_116_the_rating_is_given_by_table_from_aaa_to_d(desk: Desk) -> None:
    """Rating AAA…D by table."""
    number = desk.at_initial_review(**SMALL)
    case = desk.case(number)

    assert case.rating == decide("rating", {"score": case.score})
    assert (
        {decide("rating", {"score": score}) for score in range(0, 900, 10)}
        == set(GRADES)
        == {"AAA", "AA", "A", "B", "C", "D"}
    )
