"""Whom to speak to at a firm: who its newest application names, and who acts for it here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import answers, releases
from app.storage.cases import LoanCase
from app.storage.organisations import Membership, Role
from app.storage.people import Person
from app.texts import Text
from app.use_cases.definitions.load_release import load_release
from app.use_cases.firms.firm_scope import BORROWER, cases_of
from app.use_cases.parties.learn_links import stated_links
from app.use_cases.parties.link_kinds import link_kind


@dataclass(frozen=True)
class Contact:
    """`name` of a person in an application and the `number` are masks."""

    name: Text
    role: Text
    number: str = ""


def contacts_of(session: Session, firm_id: int, scope: int | None) -> tuple[Contact, ...]:
    """Who the newest application that the scope may see names with a number, then the people with a log-in."""
    return (*_named(session, firm_id, scope), *_people(session, firm_id, scope))


def _named(session: Session, firm_id: int, scope: int | None) -> Iterator[Contact]:
    newest = select(LoanCase).where(LoanCase.id.in_(cases_of(scope, firm_id, BORROWER)))
    case = session.scalar(newest.order_by(LoanCase.id.desc()).limit(1))
    product = session.get(releases.Product, case.product_key) if case else None
    answer = answers.latest(session, case.id, product.form_key) if case and product else None
    if answer is None:
        return
    for one in stated_links(load_release(session, answer.release_id).form(answer.form_key), answer.data):
        number = one.reference("contact").get("masked", "")
        if number:
            name = one.reference("name").get("masked") or one.text("name")
            yield Contact(Text(name, name), link_kind(one.kind).name, number)


def _people(session: Session, firm_id: int, scope: int | None) -> Iterator[Contact]:
    """A bank is told who acts for a firm only where it has to do with the firm."""
    if scope is not None and session.scalar(cases_of(scope, firm_id).limit(1)) is None:
        return
    query = (
        select(Person, Role)
        .join(Membership, Membership.person_id == Person.id)
        .join(Role, Role.key == Membership.role_key)
        .where(Membership.organisation_id == firm_id, Person.active)
    )
    for person, role in session.execute(query.order_by(Person.id)):
        yield Contact(Text(person.name_zh, person.name_en), role.name)
