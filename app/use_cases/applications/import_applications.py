"""Starts an application for each good row of a file of walk-in customers, once however often the file is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, ProductError
from app.forms import mask
from app.gateways import clock
from app.moment import Moment
from app.storage import audit, organisations, party_store
from app.storage.answers import FormAnswer
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Organisation
from app.storage.releases import Product
from app.texts import Text
from app.use_cases.applications.application_rows import Row, RowFault, read_rows
from app.use_cases.applications.industries import section_of_naics
from app.use_cases.applications.open_case import open_case
from app.use_cases.applications.walk_in_desk import VERB, managers_by_product
from app.use_cases.definitions.load_release import load_current
from app.use_cases.parties import party_key
from app.use_cases.permissions import Actor, require

CHANNEL = "batch"
REPORT_EVERY = 25
PAUSE_SECONDS = 0.002  # between transactions, so that people's requests are not starved on SQLite
ATTEMPTS = 3
OTHER_PURPOSE = "other"


@dataclass
class Imported:
    """How many rows were started, were there already, or were refused, with every fault."""

    started: int = 0
    there: int = 0
    refused: int = 0
    faults: list[RowFault] = field(default_factory=list)


def import_applications(
    content: bytes, *, funder: str = "", login: str = "", progress: Callable[[Imported], None] = lambda counts: None
) -> Imported:
    """Starts the rows of a CSV file in the name of a customer manager; each row is a transaction of its own.

    `funder` is an organisation's name or credit code and `login` its customer manager; by default each product's first
    funder and its first one. Raises FileRefused or NotFound before anything is started.
    """
    managers = managers_by_product(funder, login)
    done = Imported()
    today = clock.moment().business_on
    rows = list(read_rows(content, managers.keys(), today))  # the whole file is read before anything is started
    for number, row in enumerate(rows, start=1):
        if isinstance(row, list):
            done.refused += 1
            done.faults += row
        else:
            _count(done, row, managers[row.values["product"]])
        if number % REPORT_EVERY == 0:
            progress(done)
    return done


def _count(done: Imported, row: Row, manager: Actor) -> None:
    try:
        if _start_patiently(row, manager):
            done.started += 1
        else:
            done.there += 1
    except ProductError as error:
        done.refused += 1
        done.faults.append(RowFault(row.line, "product", error.text))
    time.sleep(PAUSE_SECONDS)


def _start_patiently(row: Row, manager: Actor) -> bool:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _start(row, manager)
        except (IntegrityError, Conflict):
            # another import started this row, or some other case, at the same moment: the next attempt sees it
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def _start(row: Row, manager: Actor) -> bool:
    """Whether a case was started; False when this row has one."""
    with reading() as session:
        if _known(session, row):
            return False
    require(VERB, manager)
    moment = clock.moment()
    with unit_of_work() as session:
        if _known(session, row):
            return False
        product = session.get_one(Product, row.values["product"])
        facts = _facts(row)
        case = open_case(
            session,
            product_key=product.key,
            funder_id=manager.organisation_id,
            borrower_id=_borrower(session, row, moment).id,
            channel=CHANNEL,
            actor=manager,
            moment=moment,
            variables=facts,
            source_key=row.key,
        )
        _keep_application(session, case, product, row, facts, manager, moment)
        audit.record(
            session,
            organisation_id=manager.organisation_id,
            person_id=manager.person_id,
            verb="import_application",
            target=case.number,
            detail={"source": row.key, "line": row.line},
            at=clock.real_now(),
        )
    return True


def _known(session: Session, row: Row) -> bool:
    return session.scalar(select(LoanCase.id).where(LoanCase.source_key == row.key)) is not None


def _facts(row: Row) -> dict[str, Any]:
    """What the process begins with; the same keys as on the product's application form."""
    values = row.values
    return {
        "company_name": values["company_name"],
        "unified_social_credit_code": values["unified_social_credit_code"],
        "industry": section_of_naics(values["industry_naics"]),
        "established_new": values["established_new"],
        "employees": values["employees"],
        "requested_amount": values["amount_yuan"],
        "term_months": values["term_months"],
        "purpose": OTHER_PURPOSE,
    }


def _borrower(session: Session, row: Row, moment: Moment) -> Organisation:
    code = row.values["unified_social_credit_code"]
    found = organisations.by_credit_code(session, code)
    if found is None:
        found = Organisation(
            kind="borrower",
            name_zh=row.values["company_name"],
            name_en=row.values["company_name"] if row.values["company_name"].isascii() else "",
            unified_social_credit_code=code,
            created_at=moment.now,
        )
        session.add(found)
        session.flush()
    elif not found.active:
        raise NotFound(f"机构“{found.name_zh}”已停用。", f'The organisation "{found.name_zh}" is no longer active.')
    return found


def _keep_application(
    session: Session,
    case: LoanCase,
    product: Product,
    row: Row,
    facts: dict[str, Any],
    manager: Actor,
    moment: Moment,
) -> None:
    """The application as answers to the product's form, its telephone number in the encrypted store."""
    values = row.values
    phone = party_store.store(
        session,
        party_key.current(),
        case_id=case.id,
        kind="contact_phone",
        value=values["contact_phone"],
        masked_as=mask("phone", values["contact_phone"]),
        at=moment.now,
    )
    own = {name: values[name] for name in ("industry_naics", "province", "city")}
    data = facts | own | {"purpose_detail": values["purpose"], "contact_phone": phone}
    data["submitted_on"] = values["submitted_on"].isoformat()
    session.add(
        FormAnswer(
            case_id=case.id,
            release_id=load_current(session, product.process_key).id,
            form_key=product.form_key,
            round=case.round,
            person_id=manager.person_id,
            organisation_id=manager.organisation_id,
            data=data,
            at=moment.now,
        )
    )
    case.applicant_name = values["company_name"]
    case.amount, case.term_months, case.purpose = values["amount_yuan"], values["term_months"], facts["purpose"]


def said(imported: Imported) -> str:
    """The last line of an import."""
    return f"{imported.started} started, {imported.there} already there, {imported.refused} refused"


def fault_text(fault: RowFault) -> Text:
    """A fault with its place, in words."""
    return Text(
        f"第 {fault.line} 行，{fault.column}：{fault.text.of('zh')}",
        f"line {fault.line}, {fault.column}: {fault.text.of('en')}",
    )
