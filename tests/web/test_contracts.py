"""A contract's page, signing with a password, and checking a file, through pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import update

from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.people import WebSession
from app.use_cases.demo.demo_data import demo_data
from tests import desk as people
from tests.desk import PDF, Desk
from tests.use_cases.contracts import signing
from tests.use_cases.contracts.signing import flipped
from tests.web.test_languages import CHINESE, CODES, HOLE, KEY, is_data, names
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]


def grow_stale(desk: Desk) -> None:
    """Everybody gave the password too long ago to sign."""
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(WebSession).values(fresh_at=clock.real_now() - timedelta(minutes=11)))


def test_a_firm_finds_reads_and_signs_its_contract(desk: Desk, visit: Visit) -> None:
    number = signing.loan_contract(desk)
    firm = visit(people.FIRM)
    progress = firm.get(f"/applications/LN{number[2:].split('-')[0]}")
    assert f"/contracts/{number}" in progress.text and "去签署" in words(progress)

    opened = firm.get(f"/contracts/{number}/document")
    answer = firm.post(f"/contracts/{number}/sign")

    assert opened.data.startswith(b"%PDF") and opened.mimetype == "application/pdf"
    after = words(firm.get(answer.location))
    assert "已签署，等待其他方签署。" in after and "内容未被改动" in after and "陈静" in after


def test_the_funder_is_told_for_whom_it_waits_and_signs_last(desk: Desk, visit: Visit) -> None:
    number = signing.loan_contract(desk)
    funder = visit(people.FUNDER_SIGNATORY)
    before = words(funder.get(f"/contracts/{number}"))
    early = funder.post(f"/contracts/{number}/sign")
    signing.sign(desk, people.FIRM, number)

    answer = funder.post(f"/contracts/{number}/sign")

    assert "资金方最后签署，还在等：借款人" in before
    assert early.status_code == 409 and "资金方最后签署" in words(early)
    assert "合同生效" in words(funder.get(answer.location))


def test_signing_asks_for_the_password_when_it_was_given_long_ago(desk: Desk, visit: Visit) -> None:
    number = signing.loan_contract(desk)
    firm = visit(people.FIRM)
    assert 'type="password"' not in firm.get(f"/contracts/{number}").text
    grow_stale(desk)

    page = firm.get(f"/contracts/{number}")
    without = firm.post(f"/contracts/{number}/sign")
    wrong = firm.post(f"/contracts/{number}/sign", {"password": "not this one"})
    right = firm.post(f"/contracts/{number}/sign", {"password": demo_data()["password"]})

    assert 'type="password"' in page.text
    assert without.status_code == 403 and "输入过密码" in words(without)
    assert wrong.status_code == 422 and "密码不正确，没有签署" in words(wrong)
    assert right.status_code == 302 and signing.places(desk, number)[0].signed_at is not None


def test_a_reviewer_reads_a_contract_and_is_not_asked_to_sign_it(desk: Desk, visit: Visit) -> None:
    number = signing.loan_contract(desk)
    signing.sign(desk, people.FIRM, number)
    reviewer = visit(people.REVIEWER)

    page = reviewer.get(f"/contracts/{number}")

    assert page.status_code == 200 and "/sign" not in page.text
    case = reviewer.get(f"/cases/LN{number[2:].split('-')[0]}")
    assert f"/contracts/{number}" in case.text and f"签署《借款合同》{number}" in words(case)


@pytest.mark.parametrize("login", [people.OTHER_FIRM, people.CONFIRMER, people.OTHER_BANKS_REVIEWER])
def test_for_others_there_is_no_such_page(desk: Desk, visit: Visit, login: str) -> None:
    number = signing.loan_contract(desk)
    visitor = visit(login)

    assert [visitor.get(f"/contracts/{number}{rest}").status_code for rest in ("", "/document")] == [404, 404]


def uploaded(visitor: Visitor, content: bytes, name: str = "合同.pdf") -> str:
    page = visitor.post("/contracts/verify", {"document": [(BytesIO(content), name)]})
    return f"{page.status_code} {words(page)}"


def test_a_file_is_checked_for_anybody_logged_in(desk: Desk, visit: Visit) -> None:
    number = signing.signed_loan_contract(desk)
    signed = signing.document(desk, number)
    visitor = visit(people.OTHER_FIRM)

    same, other = uploaded(visitor, signed), uploaded(visitor, flipped(signed, 5000))

    assert same.startswith("200") and "内容未被改动" in same and number in same and "钱蓉" in same
    assert other.startswith("200") and "内容被改动过" in other and number not in other


def test_what_is_no_signed_contract_is_said_in_words(desk: Desk, visit: Visit) -> None:
    unsigned = signing.document(desk, signing.loan_contract(desk))
    visitor = visit(people.REVIEWER, language="en")

    for content, says in ((b"", "Please choose"), (unsigned, "no electronic signature"), (PDF, "no PDF")):
        page = uploaded(visitor, content)
        assert page.startswith("422") and says in page


def test_the_pages_speak_both_languages(desk: Desk, visit: Visit) -> None:
    number = signing.loan_contract(desk)
    known = names(desk)
    faults = []
    for signatory in (None, people.FIRM, people.FUNDER_SIGNATORY):
        if signatory:
            signing.sign(desk, signatory, number)
        for login in (people.FIRM, people.FUNDER_SIGNATORY, people.OPERATOR):
            for language in ("zh", "en"):
                visitor = visit(login, language=language)
                for path in (f"/contracts/{number}", "/contracts/verify"):
                    page = visitor.get(path)
                    text = words(CODES.sub(" ", page.text)).replace("演示电子认证机构", "")
                    faults += [(login, path, found) for found in (*HOLE.findall(text), *KEY.findall(text))]
                    if language == "en":
                        found = {part for part in CHINESE.findall(text) if not is_data(part, known)}
                        faults += [(login, path, part) for part in found]
    assert faults == []
