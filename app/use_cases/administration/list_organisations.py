"""Lists the organisations of the installation, and shows one with its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app.errors import NotFound
from app.gateways import clock
from app.storage import releases
from app.storage.database import reading
from app.storage.organisations import FunderProduct, Membership, Organisation, Role
from app.storage.people import Person
from app.texts import Text
from app.use_cases.administration.list_people import like, state_of
from app.use_cases.administration.people_acts import VERB
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 30


@dataclass(frozen=True)
class OrganisationLine:
    id: int
    kind: str
    name: Text
    credit_code: str | None
    people: int


@dataclass(frozen=True)
class OrganisationsFound:
    """A page of organisations, how many there are, and how many of each kind."""

    lines: tuple[OrganisationLine, ...]
    total: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Member:
    """Somebody of the organisation; `state` as in list_people."""

    id: int
    login: str
    name: Text
    state: str
    roles: tuple[Text, ...]


@dataclass(frozen=True)
class OrganisationShown:
    """`products` is what a funder offers."""

    id: int
    kind: str
    name: Text
    credit_code: str | None
    created_at: datetime
    members: tuple[Member, ...]
    products: tuple[Text, ...]


def list_organisations(actor: Actor, *, query: str = "", kind: str = "", page: int = 1) -> OrganisationsFound:
    """Organisations by kind and id; `query` finds a part of a name or the credit code. Raises Forbidden."""
    require(VERB, actor)
    wanted = []
    if query.strip():
        pattern = like(query.strip())
        named = (Organisation.name_zh.ilike(pattern, escape="/"), Organisation.name_en.ilike(pattern, escape="/"))
        wanted.append(or_(*named, Organisation.unified_social_credit_code.ilike(pattern, escape="/")))
    of_kind = [Organisation.kind == kind] if kind else []
    people = (
        select(func.count(Membership.person_id.distinct()))
        .where(Membership.organisation_id == Organisation.id)
        .scalar_subquery()
    )
    with reading() as session:
        grouped = select(Organisation.kind, func.count()).where(*wanted).group_by(Organisation.kind)
        counts = {row[0]: row[1] for row in session.execute(grouped)}
        rows = session.execute(
            select(Organisation, people)
            .where(*wanted, *of_kind)
            .order_by(Organisation.kind, Organisation.id)
            .offset((page - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
        ).all()
    counts[""] = sum(counts.values())
    lines = tuple(
        OrganisationLine(row.id, row.kind, row.name, row.unified_social_credit_code, number) for row, number in rows
    )
    return OrganisationsFound(lines, counts.get(kind, 0), counts)


def show_organisation(actor: Actor, organisation_id: int) -> OrganisationShown:
    """Raises Forbidden or NotFound."""
    require(VERB, actor)
    now = clock.real_now()
    with reading() as session:
        place = session.get(Organisation, organisation_id)
        if place is None:
            raise NotFound
        found: dict[int, tuple[Person, list[Text]]] = {}
        rows = session.execute(
            select(Person, Role)
            .join(Membership, Membership.person_id == Person.id)
            .join(Role, Role.key == Membership.role_key)
            .where(Membership.organisation_id == place.id)
            .order_by(Person.login, Role.key)
        )
        for person, role in rows:
            found.setdefault(person.id, (person, []))[1].append(role.name)
        offered = select(FunderProduct.product_key).where(FunderProduct.organisation_id == place.id)
        known = releases.products(session)
        products = tuple(
            Text(known[key].name_zh, known[key].name_en)
            for key in session.scalars(offered.order_by(FunderProduct.product_key))
            if key in known
        )
    members = tuple(
        Member(one.id, one.login, Text(one.name_zh, one.name_en), state_of(one, now), tuple(roles))
        for one, roles in found.values()
    )
    code = place.unified_social_credit_code
    return OrganisationShown(place.id, place.kind, place.name, code, place.created_at, members, products)
