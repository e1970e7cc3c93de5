"""What is checked before an application is accepted: duplicates, the register, and the core enterprise's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.errors import FourEyes, InvalidForm, NotFound
from app.gateways import clock, sources
from app.gateways.sandboxes import Availability, sandboxes
from app.gateways.sources import Reply
from app.storage.cases import parties
from app.storage.database import reading
from app.texts import Text
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.tasks.show_task import show_task
from tests.desk import (
    CONFIRMER,
    FIRM,
    LEAD,
    MANAGER,
    OTHER_CONFIRMER,
    OTHER_FIRM,
    OTHER_REVIEWER,
    REVIEWER,
    Desk,
)
from tests.processes import answers
from tests.use_cases.lookups import told

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def outside(desk: Desk) -> Iterator[sources.Sources]:
    """The sources of the desk's app, which a test may exchange."""
    before = sources.current()
    changed = sandboxes(Availability())
    sources.use(changed)
    yield changed
    sources.use(before)


class Answers:
    """A source that always gives the same."""

    def __init__(self, **data: Any) -> None:
        self.data = data

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        return Reply(Text("来源", "source"), key, at, self.data)


def test_a_second_live_application_of_a_firm_is_looked_at_by_its_manager(desk: Desk) -> None:
    first, second = desk.submit(FIRM), desk.start(FIRM)

    desk.complete(FIRM, second, "working-capital-application", desk.application(FIRM))
    desk.upload_all(FIRM, second)

    task = desk.task(second, "manual_verification")
    assert task.variables["duplicates"] == [first]
    desk.complete(MANAGER, second, "manual_verification", answers.MANUAL_PASSED)
    assert desk.case(second).milestone == "accepted"


def test_a_bank_learns_of_an_application_to_another_one_but_not_its_number(desk: Desk) -> None:
    elsewhere, number = desk.submit(), desk.start(funder="qiantang")
    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))
    desk.upload_all(FIRM, number)

    shown = desk.task(number, "manual_verification").variables["duplicates"]

    assert shown == ["其他资金方（another funder）"] and elsewhere not in str(shown)


def test_another_firms_application_is_no_duplicate(desk: Desk) -> None:
    desk.submit(OTHER_FIRM)

    assert desk.case(desk.submit(FIRM)).milestone == "accepted"


def test_a_refused_application_is_no_duplicate(desk: Desk) -> None:
    first = desk.at_initial_review()
    desk.complete(REVIEWER, first, "initial_review", answers.INITIAL_FAIL)

    assert desk.case(desk.submit(FIRM)).milestone == "accepted"


def test_a_register_that_does_not_answer_leaves_the_check_to_a_person(desk: Desk) -> None:
    state = Availability({"enterprise_registry"})
    sources.use(sandboxes(state))
    with clock.fixed_at(NOW):
        number = desk.submit(FIRM)
    for minutes in (5, 35, 155):
        with clock.fixed_at(NOW + timedelta(minutes=minutes)):
            desk.work()

    assert desk.waits_for(number, "manual_verification")
    desk.complete(MANAGER, number, "manual_verification", answers.MANUAL_PASSED)
    assert desk.case(number).milestone == "accepted"


def test_a_firm_that_is_not_in_business_is_asked_to_explain(desk: Desk, outside: sources.Sources) -> None:
    outside.enterprise_registry = Answers(status="revoked", company_name="")

    number = desk.submit(FIRM)

    assert desk.case(number).milestone == "submitted"
    assert [task.form_key for task in desk.open_tasks(number)] == ["supplement"]


def test_a_firm_that_was_long_overdue_is_refused_by_policy_with_the_reason(
    desk: Desk, outside: sources.Sources
) -> None:
    outside.credit_bureau = Answers(overdue_days_max=120, queries_6m=1, open_loans=1, balance_yuan=Decimal(0))
    number = desk.submit(FIRM)

    desk.complete(REVIEWER, number, "refusal_confirmation", answers.CONFIRM_REFUSAL)

    assert desk.case(number).milestone == "refusal_told"
    assert "逾期" in told(desk, number, "qingxi")[0] and "人工复核" in told(desk, number, "qingxi")[0]


def test_a_refused_firm_asks_for_a_person_and_the_confirmer_may_not_be_that_person(
    desk: Desk, outside: sources.Sources
) -> None:
    outside.credit_bureau = Answers(overdue_days_max=120, queries_6m=1, open_loans=1, balance_yuan=Decimal(0))
    number = desk.submit(FIRM)
    desk.complete(REVIEWER, number, "refusal_confirmation", answers.CONFIRM_REFUSAL)
    desk.complete(FIRM, number, "human_review", answers.ASK_FOR_PERSON)

    desk.complete(LEAD, number, "reconsideration", answers.REOPEN)
    desk.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)

    with pytest.raises(FourEyes):
        desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS)
    desk.complete(OTHER_REVIEWER, number, "initial_review", answers.INITIAL_FAIL)
    assert desk.case(number).milestone == "refused"


def test_an_overridden_refusal_goes_on_to_the_review(desk: Desk, outside: sources.Sources) -> None:
    outside.credit_bureau = Answers(overdue_days_max=120, queries_6m=1, open_loans=1, balance_yuan=Decimal(0))
    number = desk.submit(FIRM)

    desk.complete(REVIEWER, number, "refusal_confirmation", answers.OVERRIDE_REFUSAL)

    assert desk.waits_for(number, "site_visit") or desk.waits_for(number, "initial_review")


def test_a_core_enterprise_that_keeps_silent_sends_the_order_back_on_day_five(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = desk.at_confirmation()

    with clock.fixed_at(NOW + timedelta(days=5)):
        desk.work()

    assert [task.form_key for task in desk.open_tasks(number)] == ["supplement"]


def test_another_core_enterprise_is_asked_once_the_order_names_it(desk: Desk) -> None:
    number = desk.at_confirmation()
    desk.complete(CONFIRMER, number, "confirm_payable", answers.DISPUTE_PAYABLE)
    yunxiu = desk.organisation("yunxiu")
    named = {"core_enterprise_name": yunxiu.name_zh, "core_enterprise_code": yunxiu.unified_social_credit_code}

    desk.complete(FIRM, number, "supplement", answers.SUPPLEMENT | answers.SUPPLEMENT_ORDER | named)

    with desk.app.app_context(), reading() as session:
        assert parties(session, desk.case(number).id)["core_enterprise"] == yunxiu.id
    task_id, asked, earlier = (
        desk.task(number, "confirm_payable").id,
        desk.actor(OTHER_CONFIRMER),
        desk.actor(CONFIRMER),
    )
    with desk.app.app_context():
        assert show_task(asked, task_id).mine
        with pytest.raises(NotFound):
            show_task(earlier, task_id)


@pytest.mark.parametrize("code_of", ["qingxi", "zhijiang"], ids=["a firm", "a bank"])
def test_only_a_core_enterprise_can_owe_an_order(desk: Desk, code_of: str) -> None:
    number, wrong = desk.start(FIRM, "trade-order"), desk.organisation(code_of).unified_social_credit_code
    entered = desk.application(FIRM, "trade-order", core_enterprise_code=wrong)

    with pytest.raises(InvalidForm) as refused:
        desk.complete(FIRM, number, "trade-order-application", entered)

    assert [error.path for error in refused.value.errors] == ["core_enterprise_code"]


def test_an_answer_that_comes_after_the_firm_pulled_back_is_dropped(desk: Desk, outside: sources.Sources) -> None:
    whole, actor = outside.risk_platform, desk.actor(FIRM)
    number = desk.start(FIRM)

    class PullsBackMeanwhile:
        def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
            outside.risk_platform = whole
            pull_back(actor, number)
            return whole.ask(key, credit_code, company_name, at)

    outside.risk_platform = PullsBackMeanwhile()
    desk.complete(FIRM, number, "working-capital-application", desk.application(FIRM))
    desk.upload_all(FIRM, number)

    assert desk.case(number).round == 2 and desk.incidents(number) == []
    assert [task.form_key for task in desk.open_tasks(number)] == ["working-capital-application"]
