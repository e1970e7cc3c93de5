"""Every address by every demo person: who gets in, who learns nothing, who is sent to log in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways import clock, files
from app.storage import audit
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.limits import CreditLimit
from app.storage.organisations import Membership
from app.storage.panels import PanelMember
from app.storage.party_links import PartyLink
from app.storage.payments import OUT, Payment
from app.storage.people import Person
from app.storage.waiting import BufferedMessage
from app.use_cases.credit_limits.propose_change import propose_change
from app.use_cases.records.show_record import ISSUED
from tests import desk as people
from tests.desk import Desk
from tests.use_cases.compliance.holding import hold as held
from tests.use_cases.contracts.signing import unsigned_row
from tests.use_cases.definitions.uploads import ANALYST, draft_of, renamed_step
from tests.use_cases.loans.lent import lent
from tests.use_cases.payments.alarms import alarm_of
from tests.web.routes import (
    ADMINISTRATORS,
    ALARM_SETTLERS,
    ALLOWED,
    ANYBODY,
    DESIGNERS,
    FIRM_OF_THE_CASE,
    FIRMS,
    LEDGER_READERS_OF_THE_FUNDER,
    LIMIT_APPROVERS_OF_THE_FUNDER,
    LIMIT_PROPOSERS_OF_THE_FUNDER,
    LIMIT_READERS_OF_THE_FUNDER,
    LINK_KEEPERS,
    LINK_KEEPERS_OF_THE_FUNDER,
    OFFICERS_OF_THE_FUNDER,
    PANEL_KEEPERS_OF_THE_FUNDER,
    ROUTES,
    SIGNATORIES,
    Route,
)
from tests.web.visitor import Visitor, words

Places = dict[str, object]
ABSENT: Places = {"case": "LN209901010001", "task": 99999, "document": 99999, "incident": 99999, "funder": 99999}
ABSENT |= {"contract": "JK209901010001-1", "loan": "DK209901010001", "alarm": 99999, "payment": "PO209901010001"}
ABSENT |= {"message": 99999, "person": 99999, "membership": 99999, "role": "nobody", "draft": 99999}
ABSENT |= {"firm": 99999, "link": 99999, "member": 99999, "limit": 99999, "limit_change": 99999}
ABSENT |= {"instance": 99999, "hold": 99999, "record": "0" * 64}
BANK = (  # one of each role of the case's bank
    *(people.MANAGER, people.REVIEWER, people.SECOND_REVIEWER, people.LEAD, people.COMMITTEE[0]),
    *(people.FUNDER_SIGNATORY, people.FINANCE_OFFICER, people.FINANCE_CHECKER, people.COMPLIANCE_OFFICER),
    *("meng.jie", "yu.hai", "tan.bo", "qiu.ming", "shi.lan"),
)
OTHERS = (  # firms, the parties that help, another bank, the platform
    *(people.FIRM, people.OTHER_FIRM, people.CONFIRMER, people.KEEPER, "heng.jun"),
    *("bao.dan", "fa.heng", "chu.zhi", "shou.rang"),
    *(people.OTHER_BANKS_MANAGER, people.OTHER_BANKS_REVIEWER, people.OTHER_BANKS_OFFICER, "wan.li"),
    *(people.OPERATOR, people.ADMINISTRATOR, "shen.he", "an.ping", ANALYST),
)
each_of = pytest.mark.parametrize("logins", [BANK, OTHERS], ids=["the_bank", "the_others"])


@pytest.fixture
def places(desk: Desk) -> Places:
    """A case of one firm and bank, its task, a document and an incident, as they stand in addresses."""
    number, loan = desk.at_initial_review(requested_amount="400000.00"), lent(desk)
    case, task, over = desk.case(number), desk.task(number, "initial_review"), desk.start()
    with desk.app.app_context(), unit_of_work() as session:
        incident = Incident(
            case_id=case.id,
            instance_id=task.instance_id,
            element_id="x",
            kind="nobody",
            cause_zh="试",
            cause_en="a trial",
            created_at=case.created_at,
        )
        unread = BufferedMessage(
            case_id=case.id,
            name="ApplicationWithdrawn",
            correlation_key="nobody's",
            payload={},
            expires_at=case.created_at,
        )
        session.add_all([incident, unread])
        idle = _idle_in_a_case_that_is_over(session, session.get_one(ProcessInstance, task.instance_id), over)
        order = session.scalars(select(Payment.number).where(Payment.direction == OUT)).first()
        reviewer = session.scalars(select(Membership).where(Membership.role_key == "initial_reviewer")).first()
    assert reviewer is not None
    return {
        "case": number,
        "task": task.id,
        "document": 1,
        "incident": incident.id,
        "message": unread.id,
        "instance": idle.id,
        "contract": unsigned_row(desk, number),
        "loan": loan,
        "payment": order,
        "alarm": alarm_of(desk),
        "hold": held(desk, number),
        "record": issued(desk, number),
        "funder": desk.organisation("zhijiang").id,
        "firm": desk.organisation("qingxi").id,
        "link": own_link(desk),
        **own_limit(desk),
        "member": own_member(desk),
        "draft": draft_of(desk, renamed_step()),
        "person": reviewer.person_id,
        "membership": reviewer.id,
        "role": "initial_reviewer",
    }


def issued(desk: Desk, number: str) -> str:
    """The hash of a file that stands as issued of the case's record."""
    by = desk.actor(people.REVIEWER)
    with desk.app.app_context(), unit_of_work() as session:
        sha256 = files.put(b"%PDF a record")
        audit.record(
            session,
            organisation_id=by.organisation_id,
            person_id=by.person_id,
            verb=ISSUED,
            target=number,
            detail={"language": "zh", "record": sha256, "file": sha256},
            at=clock.real_now(),
        )
    return sha256


def _idle_in_a_case_that_is_over(session: Session, like: ProcessInstance, number: str) -> ProcessInstance:
    case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
    case.milestone = "lapsed"
    same = {"process_key": like.process_key, "release_id": like.release_id, "started_at": like.started_at}
    idle = ProcessInstance(case_id=case.id, business_key=number, round="9", status="active", **same)
    session.add(idle)
    session.flush()
    return idle


def own_link(desk: Desk) -> int:
    """A link of the case's firm that only its bank knows."""
    firm, bank = desk.organisation("qingxi").id, desk.organisation("zhijiang").id
    with desk.app.app_context(), reading() as session:
        known = (PartyLink.organisation_id == firm, PartyLink.funder_id == bank)
        return session.scalars(select(PartyLink.id).where(*known)).first() or 0


def own_limit(desk: Desk) -> Places:
    """A limit of the case's bank, and a change of one that waits."""
    bank, by = desk.organisation("zhijiang").id, desk.actor("shi.lan")
    with desk.app.app_context():
        asked = {"kind": "funder", "total": "310000000.00", "reason": "年度授信安排"}
        waiting = propose_change(by, asked)
        with reading() as session:
            first = session.scalars(select(CreditLimit.id).where(CreditLimit.funder_id == bank)).first()
    return {"limit": first, "limit_change": waiting}


def own_member(desk: Desk) -> int:
    """A place on the panel of the case's bank."""
    with desk.app.app_context(), reading() as session:
        bank = PanelMember.funder_id == desk.organisation("zhijiang").id
        return session.scalars(select(PanelMember.id).where(bank)).first() or 0


def test_every_role_of_the_demo_walks_the_table(desk: Desk) -> None:
    with desk.app.app_context(), reading() as session:
        walking = session.scalars(
            select(Membership.role_key)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.login.in_((*BANK, *OTHERS)))
        )
        assert set(walking) == set(session.scalars(select(Membership.role_key)))


def test_every_route_of_the_product_has_a_line_that_says_who_may_use_it(app: Flask) -> None:
    there = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == set(ROUTES)


def answer(visitor: Visitor, method: str, path: str) -> tuple[int, str]:
    """Status, and what the page says; being sent to log in counts as 401."""
    got = visitor.post(path) if method == "POST" else visitor.get(path)
    return (401 if got.status_code == 302 and "/login" in got.location else got.status_code), words(got)


@each_of
def test_who_may_not_use_an_address_learns_nothing_from_it(desk: Desk, places: Places, logins: tuple[str, ...]) -> None:
    wrong = []
    for login in logins:
        visitor = Visitor(desk, login)
        for (method, endpoint), route in ROUTES.items():
            if login in ALLOWED[route.who]:
                continue
            got = answer(visitor, method, route.path.format(**places))
            names_one = "{" in route.path
            absent = answer(visitor, method, route.path.format(**ABSENT)) if names_one else got
            if got != absent or got[0] not in (403, 404):
                wrong.append((login, method, endpoint, got[0], absent[0]))
    assert wrong == []


@each_of
def test_who_may_use_an_address_gets_its_page(desk: Desk, places: Places, logins: tuple[str, ...]) -> None:
    wrong = []
    for login in logins:
        visitor = Visitor(desk, login)
        for (method, endpoint), route in ROUTES.items():
            if method == "GET" and login in ALLOWED[route.who] and endpoint != "auth.login":
                got = visitor.get(route.path.format(**places), follow_redirects=True)
                if got.status_code != 200:
                    wrong.append((login, endpoint, got.status_code))
    assert wrong == []


def test_who_is_not_logged_in_is_sent_to_log_in_whatever_is_there(desk: Desk, places: Places) -> None:
    wrong = []
    visitor = Visitor(desk)
    for (method, endpoint), route in ROUTES.items():
        if route.who != ANYBODY:
            there = answer(visitor, method, route.path.format(**places))
            absent = answer(visitor, method, route.path.format(**ABSENT))
            if there[0] != 401 or absent[0] != 401:
                wrong.append((method, endpoint, there[0], absent[0]))
    assert wrong == []


def test_numbers_beyond_every_database_are_not_found(desk_on_each_database: Desk) -> None:
    wrong = []
    reviewer, firm, administrator, officer = (
        Visitor(desk_on_each_database, login)
        for login in (people.REVIEWER, people.FIRM, people.ADMINISTRATOR, people.FINANCE_OFFICER)
    )
    others = {ADMINISTRATORS: administrator, FIRMS: firm, FIRM_OF_THE_CASE: firm, SIGNATORIES: firm}
    others |= {DESIGNERS: Visitor(desk_on_each_database, ANALYST)}
    others |= {ALARM_SETTLERS: officer, LEDGER_READERS_OF_THE_FUNDER: officer}
    others |= {OFFICERS_OF_THE_FUNDER: Visitor(desk_on_each_database, people.COMPLIANCE_OFFICER)}
    keeper = Visitor(desk_on_each_database, "shi.lan")
    others |= dict.fromkeys((LINK_KEEPERS, LINK_KEEPERS_OF_THE_FUNDER, PANEL_KEEPERS_OF_THE_FUNDER), keeper)
    others |= {LIMIT_APPROVERS_OF_THE_FUNDER: Visitor(desk_on_each_database, people.LEAD)}
    others |= dict.fromkeys((LIMIT_PROPOSERS_OF_THE_FUNDER, LIMIT_READERS_OF_THE_FUNDER), keeper)
    for huge in ("99999999999", "9" * 25, "9" * 400):
        for (method, endpoint), route in ROUTES.items():
            path = route.path.format(**dict.fromkeys(places_of(route), huge))
            if path != route.path:
                got = answer(others.get(route.who, reviewer), method, path)[0]
                if got != 404:
                    wrong.append((method, endpoint, len(huge), got))
    assert wrong == []


def places_of(route: Route) -> list[str]:
    """The names that stand in braces in a route's path."""
    return re.findall(r"{(\w+)}", route.path)
