"""Four different persons stand between an application and its money, and the credit covers what is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Forbidden, FourEyes, NotFound, Refused
from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.offers import Offer
from app.storage.organisations import Membership
from app.storage.user_tasks import UserTask
from app.use_cases.administration.fresh_log_in import FRESH_MINUTES, FreshLogInNeeded
from app.use_cases.payments.confirm_payment import confirm_payment
from app.use_cases.payments.prepare_payment import prepare_payment
from app.use_cases.payments.withdraw_payment import withdraw_payment
from tests.use_cases.payments.counter import ACCOUNT, APPROVER, CHECKER, MAKER, REVIEWER, Counter
from tests.use_cases.tasks.races import at_once


def test_a_payment_is_prepared_by_one_and_confirmed_by_another(counter: Counter) -> None:
    case_number = counter.ready_case()

    number = counter.confirmed(case_number, "400000.00")

    payment = counter.payment(number)
    assert (payment.state, str(payment.amount)) == ("authorised", "400000.00")
    assert payment.maker_id == counter.desk.person(MAKER).id and payment.checker_id == counter.desk.person(CHECKER).id
    assert counter.kinds(number) == ["prepared", "authorised"]


def test_the_account_is_kept_encrypted_and_shown_masked(counter: Counter) -> None:
    number = counter.prepare(counter.ready_case(), "1000.00")

    assert counter.payment(number).account_masked == "*" * 15 + ACCOUNT[-4:]
    settings = counter.desk.app.config["SETTINGS"]
    url = str(settings.database_url).removeprefix("sqlite:///")
    with open(url, "rb") as database:
        assert ACCOUNT.encode() not in database.read()


@pytest.mark.parametrize("login", [REVIEWER, APPROVER])
def test_a_reviewer_neither_prepares_nor_confirms(counter: Counter, login: str) -> None:
    case_number = counter.ready_case()
    number = counter.prepare(case_number, "1000.00")

    with pytest.raises(FourEyes):
        counter.prepare(case_number, "1000.00", login)
    with pytest.raises(FourEyes):
        counter.confirm(number, login)
    assert counter.payment(number).state == "prepared"


def test_the_maker_does_not_confirm(counter: Counter) -> None:
    number = counter.prepare(counter.ready_case(), "1000.00")

    with pytest.raises(FourEyes):
        counter.confirm(number, MAKER)


def test_who_entered_the_case_does_not_pay_it(counter: Counter) -> None:
    case_number = counter.ready_case()
    with counter.desk.app.app_context(), unit_of_work() as session:
        mine = update(LoanCase).where(LoanCase.number == case_number)
        session.execute(mine.values(created_by=counter.desk.person(MAKER).id))

    with pytest.raises(FourEyes):
        counter.prepare(case_number, "1000.00")


def test_who_also_works_for_the_borrower_does_not_pay_it(counter: Counter) -> None:
    case_number = counter.ready_case()
    borrower = counter.desk.actor("chen.jing").organisation_id
    with counter.desk.app.app_context(), unit_of_work() as session:
        person_id = counter.desk.person(MAKER).id
        session.add(Membership(person_id=person_id, organisation_id=borrower, role_key="borrower"))

    with pytest.raises(FourEyes):
        counter.prepare(case_number, "1000.00")


def test_a_case_with_one_review_is_not_paid(counter: Counter) -> None:
    case_number = counter.ready_case()
    with counter.desk.app.app_context(), unit_of_work() as session:
        same = counter.desk.person(REVIEWER).id
        session.execute(update(UserTask).where(UserTask.duty == "credit_approval").values(done_by=same))

    with pytest.raises(Refused):
        counter.prepare(case_number, "1000.00")


def test_confirming_needs_a_fresh_log_in(counter: Counter) -> None:
    number = counter.prepare(counter.ready_case(), "1000.00")

    with pytest.raises(FreshLogInNeeded):
        counter.confirm(number, minutes_ago=FRESH_MINUTES + 1)
    assert counter.payment(number).state == "prepared"


def test_without_the_right_nobody_prepares_or_confirms(counter: Counter) -> None:
    case_number = counter.ready_case()
    plain = counter.desk.actor(MAKER)

    with counter.desk.app.app_context(), pytest.raises(Forbidden):
        prepare_payment(plain, case_number, None)  # type: ignore[arg-type]  # nothing is looked at without the right


def test_another_bank_finds_neither_case_nor_payment(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.prepare(case_number, "1000.00")

    with pytest.raises(NotFound):
        counter.prepare(case_number, "1000.00", "gao.feng")
    with pytest.raises(NotFound):
        counter.confirm(number, "gao.feng")


def test_payments_never_exceed_the_offer(counter: Counter) -> None:
    case_number = counter.ready_case()
    counter.prepare(case_number, "399999.99")

    with pytest.raises(Refused) as refused:
        counter.prepare(case_number, "0.02")

    assert "400,000.01" in refused.value.text.of("en")


def test_two_makers_at_once_do_not_exceed_the_offer_together(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    case_number = counter.ready_case()

    results = at_once(*(lambda who=who: counter.prepare(case_number, "300000.00", who) for who in (MAKER, CHECKER)))

    assert sorted(type(one).__name__ for one in results) == ["Refused", "str"]


def test_an_offer_that_is_not_accepted_is_not_paid(counter: Counter) -> None:
    case_number = counter.ready_case()
    with counter.desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Offer).values(state="open"))

    with pytest.raises(Refused):
        counter.prepare(case_number, "1000.00")


@pytest.mark.parametrize("amount", ["0", "-5", "12.345", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_refused(counter: Counter, amount: str) -> None:
    with pytest.raises(Refused):
        counter.prepare(counter.ready_case(), amount)


def test_an_account_of_another_case_is_refused(counter: Counter) -> None:
    mine, other = counter.ready_case(), counter.ready_case()
    reference = {"$party": counter.payment(counter.prepare(other, "1.00")).account_id, "masked": "x"}

    with pytest.raises(Refused):
        counter.prepare(mine, "1.00", account=reference)


def test_a_withdrawn_payment_frees_its_amount_and_is_never_confirmed(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.prepare(case_number, "400000.00")

    with counter.desk.app.app_context():
        withdraw_payment(counter.actor(CHECKER), number, "账号不对")

    with pytest.raises(Conflict):
        counter.confirm(number)
    assert counter.payment(counter.prepare(case_number, "400000.00")).state == "prepared"


def test_confirming_twice_at_once_is_a_conflict_for_one(counter_on_each_database: Counter) -> None:
    counter = counter_on_each_database
    number = counter.prepare(counter.ready_case(), "1000.00")

    results = at_once(*(lambda: counter.confirm(number) for _ in range(4)))

    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Conflict", "Conflict", "NoneType"]


def same_person_twice(counter: Counter, number: str) -> str:
    return f"UPDATE payment SET state = 'authorised', checker_id = maker_id WHERE number = '{number}'"


def no_checker(counter: Counter, number: str) -> str:
    return f"UPDATE payment SET state = 'sent' WHERE number = '{number}'"


def changed_event(counter: Counter, number: str) -> str:
    return "UPDATE payment_event SET kind = 'sent'"


def lost_event(counter: Counter, number: str) -> str:
    return "DELETE FROM payment_event"


@pytest.mark.parametrize("by_hand", [same_person_twice, no_checker, changed_event, lost_event])
def test_the_tables_themselves_refuse(
    counter_on_each_database: Counter, by_hand: Callable[[Counter, str], str]
) -> None:
    counter = counter_on_each_database
    number = counter.prepare(counter.ready_case(), "1000.00")

    with counter.desk.app.app_context(), pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(text(by_hand(counter, number)))


def test_an_actor_with_one_right_does_not_have_the_other(counter: Counter) -> None:
    number = counter.prepare(counter.ready_case(), "1000.00")
    actor = replace(counter.actor(CHECKER), verbs=frozenset({"prepare_payments"}))

    with counter.desk.app.app_context(), pytest.raises(Forbidden):
        confirm_payment(actor, number, logged_in_at=clock.real_now())
