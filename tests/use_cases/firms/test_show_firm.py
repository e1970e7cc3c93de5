"""The page of a firm shows its bank all of its own cases, and another bank not even that there are any."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.errors import Forbidden, NotFound
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.loans import Loan
from app.storage.notifications import Notification
from app.use_cases.firms.list_firms import list_firms
from app.use_cases.firms.show_firm import FirmView, show_firm
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.compliance.holding import hold
from tests.use_cases.loans.lent import lent
from tests.web.visitor import Visitor, words

NUMBER, MASKED = "330106198305123711", "330106********3711"


def view(desk: Desk, login: str, firm: str = "qingxi") -> FirmView:
    with desk.app.app_context():
        return show_firm(desk.actor(login), desk.organisation(firm).id)


@pytest.fixture
def known(desk: Desk) -> Desk:
    """A firm with a running case that compliance holds, a loan in arrears and a limit, all of Zhijiang Bank."""
    number = desk.at_initial_review()
    hold(desk, number)
    lent(desk)
    firm = desk.organisation("qingxi").id
    with desk.app.app_context(), unit_of_work() as session:
        told = {"case_id": desk.case(number).id, "text_zh": "请补交资料", "text_en": "Please add documents"}
        session.add(Notification(organisation_id=firm, at=clock.real_now(), **told))
        for loan in session.query(Loan).filter(Loan.borrower_id == firm):
            loan.dpd, loan.overdue = 12, Decimal("800.00")
    return desk


def test_its_own_bank_sees_the_firm_from_all_sides(known: Desk) -> None:
    seen = view(known, people.REVIEWER)
    assert seen.loans and seen.applications and seen.limits and seen.documents and seen.notices
    assert {report.kind for report, _ in seen.reports} >= {"enterprise", "risk", "bureau"}
    assert any("12" in alert.text.zh for alert in seen.alerts) and any("合规" in alert.text.zh for alert in seen.alerts)
    assert seen.contacts[0].number == "138****1208"
    assert {line.kind for line in seen.links} >= {"legal_representative", "shareholder"}


def test_another_bank_sees_the_public_data_and_nothing_of_the_first_banks_cases(known: Desk) -> None:
    seen = view(known, people.OTHER_BANKS_REVIEWER)
    assert not (seen.loans or seen.applications or seen.limits or seen.documents or seen.notices or seen.reports)
    assert not (seen.alerts or seen.contacts or seen.guarantees or seen.others)
    assert {line.source for line in seen.links} == {"register"}
    page = Visitor(known, people.OTHER_BANKS_REVIEWER).get(f"/firms/{known.organisation('qingxi').id}")
    assert "没有向本机构申请过" in words(page)
    assert "DK2" not in page.text and "LN2" not in page.text


def test_another_bank_finds_the_firm_by_its_whole_code_only(known: Desk) -> None:
    code = known.organisation("qingxi").unified_social_credit_code or ""
    with known.app.app_context():
        other = known.actor(people.OTHER_BANKS_REVIEWER)
        assert list_firms(other, words=code[:12]).total == 0
        assert list_firms(other, words="清溪").total == 0
        assert list_firms(other, words=NUMBER).total == 0
        (found,) = list_firms(other, words=code).lines
    assert (found.applications, found.outstanding, found.dpd) == (0, 0, 0)


def test_a_persons_number_finds_the_firms_behind_which_the_person_stands_and_shows_its_mask(known: Desk) -> None:
    with known.app.app_context():
        (found,) = list_firms(known.actor(people.REVIEWER), words=NUMBER).lines
    assert (found.name.zh, found.matched) == ("清溪织造有限公司", MASKED)
    page = Visitor(known, people.REVIEWER).get("/firms", query_string={"q": NUMBER})
    assert MASKED in page.text


def test_the_platform_sees_the_firm_at_all_banks_and_no_hold(known: Desk) -> None:
    seen = view(known, people.OPERATOR)
    assert seen.loans and seen.applications
    assert not any("合规" in alert.text.zh for alert in seen.alerts), "a hold is told to the case's bank alone"


def test_firms_and_parties_that_help_have_no_firm_pages_and_a_bank_is_no_firm(desk: Desk) -> None:
    for login in (people.FIRM, people.CONFIRMER, people.KEEPER, "heng.jun", "bao.dan"):
        with pytest.raises(Forbidden):
            view(desk, login)
    for firm in ("zhijiang", "platform"):
        with pytest.raises(NotFound):
            view(desk, people.REVIEWER, firm)
