"""A limit is changed by two persons, frozen by one, ends on its day, and comes back as principal is repaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, FourEyes, NotFound, Refused
from app.gateways import clock
from app.storage.cases import LoanCase, set_party
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit, FunderStanding, LimitReservation
from app.storage.organisations import Organisation
from app.storage.party_links import PartyLink
from app.use_cases.credit_limits.decide_change import decide_change
from app.use_cases.credit_limits.list_limits import list_limits
from app.use_cases.credit_limits.propose_change import freeze_limit, propose_change, propose_thaw
from app.use_cases.credit_limits.show_limit import show_limit
from app.use_cases.offers.limits_of_case import LimitExceeded
from app.use_cases.offers.reserve_limit import reserve
from tests.desk import FIRM, LEAD, OTHER_FIRM, Desk
from tests.use_cases.loans.lent import at, lent, loan, receive
from tests.use_cases.lookups import audited

RISK, OTHER_BANKS_RISK = "shi.lan", "hou.liang"
MILLION = Decimal("1000000.00")


def code_of(desk: Desk, login: str) -> str:
    with desk.app.app_context(), reading() as session:
        found = session.get_one(Organisation, desk.actor(login).organisation_id).unified_social_credit_code
        assert found
        return found


def asked(desk: Desk, **changes: Any) -> dict[str, str]:
    """A proposal for the borrower's limit of OTHER_FIRM."""
    given = {"kind": "borrower", "subject": code_of(desk, OTHER_FIRM), "total": "5,000,000.00", "reason": "年度授信"}
    return given | changes


def propose(desk: Desk, who: str = RISK, **changes: Any) -> int:
    actor, given = desk.actor(who), asked(desk, **changes)
    with desk.app.app_context():
        return propose_change(actor, given)


def decide(desk: Desk, change_id: int, who: str = LEAD, *, approve: bool = True, remark: str = "") -> None:
    actor = desk.actor(who)
    with desk.app.app_context():
        decide_change(actor, change_id, approve=approve, remark=remark)


def limit_of(desk: Desk, kind: str, login: str = OTHER_FIRM) -> CreditLimit:
    subject = str(desk.actor(login).organisation_id)
    with desk.app.app_context(), reading() as session:
        mine = (CreditLimit.kind == kind, CreditLimit.subject == subject)
        found = session.scalars(select(CreditLimit).where(*mine)).first()
        assert found is not None
        return found


def hold(desk: Desk, number: str, amount: Decimal) -> None:
    with desk.app.app_context():
        moment = clock.moment()
        with unit_of_work() as session:
            case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
            reserve(session, case, amount, moment, number)


def short(desk: Desk, number: str, amount: Decimal) -> LimitExceeded:
    with pytest.raises(LimitExceeded) as refused:
        hold(desk, number, amount)
    return refused.value


def test_a_limit_holds_when_a_second_person_approved_it(desk: Desk) -> None:
    change = propose(desk)
    number = desk.start(OTHER_FIRM)
    hold(desk, number, 6 * MILLION)  # no limit of its own yet: concentration and the totals bind it

    with pytest.raises(Refused, match="in use"):
        decide(desk, change)
    decide(desk, change, approve=False, remark="先还一部分")
    decide(desk, propose(desk, total="7000000"))

    assert limit_of(desk, "borrower").total == 7 * MILLION
    assert "只剩 7,000,000.00 元，不够 8,000,000.00 元" in short(desk, number, 8 * MILLION).text.zh
    verbs = [one.verb for one in audited(desk) if one.verb.endswith("_limit")]
    assert verbs == ["propose_limit", "refuse_limit", "propose_limit", "approve_limit"]


def test_nobody_decides_a_change_of_their_own_and_none_twice(desk: Desk) -> None:
    change = propose(desk)
    with pytest.raises(Forbidden):
        decide(desk, change, RISK)
    with pytest.raises(Conflict):
        propose(desk)
    with pytest.raises(NotFound):
        decide(desk, change, "song.kai")
    decide(desk, change)
    with pytest.raises(Conflict):
        decide(desk, change)


def test_who_may_do_both_still_needs_another_person(desk: Desk) -> None:
    both = desk.actor(RISK)
    both = replace(both, verbs=both.verbs | {"approve_limits"})
    change = propose(desk)
    with desk.app.app_context(), pytest.raises(FourEyes):
        decide_change(both, change, approve=True)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "moon"},
        {"total": "-1"},
        {"total": "1.234"},
        {"reason": "无"},
        {"valid_from": "2027-01-01", "valid_until": "2026-01-01"},
        {"kind": "product", "subject": "moon"},
        {"kind": "net_capital", "subject": "moon"},
        {"subject": "nobody"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_not_proposed(desk: Desk, change: dict[str, str]) -> None:
    with pytest.raises((Refused, NotFound)):
        propose(desk, **change)


def test_a_frozen_limit_gives_nothing_until_two_persons_thaw_it(desk: Desk) -> None:
    decide(desk, propose(desk))
    limit, number, actor = limit_of(desk, "borrower"), desk.start(OTHER_FIRM), desk.actor(RISK)
    with desk.app.app_context():
        freeze_limit(actor, limit.id, "涉诉，暂停新增")
    assert "已冻结：涉诉，暂停新增" in short(desk, number, MILLION).text.zh

    with desk.app.app_context():
        thaw = propose_thaw(actor, limit.id, "诉讼已和解")
    short(desk, number, MILLION)
    decide(desk, thaw)
    hold(desk, number, MILLION)

    with desk.app.app_context():
        shown = show_limit(actor, limit.id)
    assert [(one.change.action, one.proposer.zh) for one in shown.changes][:2] == [("thaw", "石岚"), ("freeze", "石岚")]
    assert [(one.case_number, one.amount) for one in shown.holders] == [(number, MILLION)]


def test_a_limit_binds_from_its_first_day_to_its_last(desk: Desk) -> None:
    decide(desk, propose(desk, valid_from="2026-03-01", valid_until="2026-06-30"))
    number = desk.start(OTHER_FIRM)
    with clock.fixed_at(at(date(2026, 2, 28)).now):
        assert "从 2026-03-01 起" in short(desk, number, MILLION).text.zh
    with clock.fixed_at(at(date(2026, 6, 30)).now):
        hold(desk, number, MILLION)
    with clock.fixed_at(at(date(2026, 7, 1)).now):
        assert "已于 2026-06-30 到期" in short(desk, number, MILLION).text.zh


def test_firms_under_one_controller_share_the_limit_of_their_group(desk: Desk) -> None:
    decide(desk, propose(desk, kind="group", total="3000000"))
    parent, child = desk.actor(OTHER_FIRM).organisation_id, desk.actor("gu.fang").organisation_id
    with desk.app.app_context(), unit_of_work() as session:
        link = {"kind": "subsidiary", "share_basis_points": 8000, "source": "register", "other_name": ""}
        session.add(PartyLink(organisation_id=parent, other_id=child, recorded_at=clock.real_now(), **link))
    hold(desk, desk.start(OTHER_FIRM), 2 * MILLION)
    refused = short(desk, desk.start("gu.fang"), 2 * MILLION)
    assert "集团额度只剩 1,000,000.00 元" in refused.text.zh


def test_a_single_borrower_holds_at_most_a_tenth_of_net_capital(desk: Desk) -> None:
    actor = desk.actor(RISK)
    decide(desk, propose(desk, kind="net_capital", subject="bank", total="20000000"))
    refused = short(desk, desk.start(OTHER_FIRM), 3 * MILLION)
    assert "资本净额的 10%" in refused.text.zh and "还可占用 2,000,000.00 元" in refused.text.zh
    with desk.app.app_context():
        assert list_limits(actor).net_capital == 20 * MILLION


def test_without_net_capital_nothing_is_reserved(desk: Desk) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.query(FunderStanding).delete()
    assert "资本净额" in short(desk, desk.start(OTHER_FIRM), MILLION).text.zh


def held_of(desk: Desk, loan_no: str) -> list[tuple[Decimal, Decimal]]:
    with desk.app.app_context(), reading() as session:
        mine = LimitReservation.case_id == loan(desk, loan_no).case_id
        return [(one.amount, one.freed) for one in session.scalars(select(LimitReservation).where(mine))]


def test_room_comes_back_with_the_principal_and_not_with_interest(desk: Desk) -> None:
    loan_no = lent(desk, "120000.00", 12)
    receive(desk, loan_no, "10600.00", date(2026, 2, 15))  # 600 of it is interest
    assert held_of(desk, loan_no) == [(Decimal("120000.00"), Decimal("10000.00"))]


def test_on_an_order_the_borrowers_room_comes_back_when_the_loan_is_settled(desk: Desk) -> None:
    number = desk.start(FIRM, "trade-order")
    with desk.app.app_context(), unit_of_work() as session:
        case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
        set_party(session, case.id, "core_enterprise", desk.organisation("dongming").id)
    loan_no = lent(desk, "120000.00", 12, case_number=number)
    with desk.app.app_context(), unit_of_work() as session:  # the same amount on the borrower's own limit
        own, first = limit_of(desk, "borrower", FIRM), session.query(LimitReservation).one()
        session.get_one(CreditLimit, first.limit_id).used -= first.amount
        session.get_one(CreditLimit, own.id).used += first.amount
        first.limit_id = own.id
    receive(desk, loan_no, "10600.00", date(2026, 2, 15))
    assert held_of(desk, loan_no) == [(Decimal("120000.00"), Decimal("0.00"))]


def test_another_banks_limits_are_nobodys_business(desk: Desk) -> None:
    limit, stranger = limit_of(desk, "borrower", FIRM), desk.actor(OTHER_BANKS_RISK)
    with desk.app.app_context():
        with pytest.raises(NotFound):
            show_limit(stranger, limit.id)
        with pytest.raises(NotFound):
            freeze_limit(stranger, limit.id, "别家银行")
        assert limit.id not in {one.limit.id for one in list_limits(stranger).lines}
