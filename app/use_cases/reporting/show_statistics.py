"""What operators and a bank's leads see of the work: volume, approval, time, where cases stand, loans and money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.moment import Moment
from app.storage import closes, day_totals, releases, statistics
from app.storage.database import reading
from app.storage.organisations import Organisation
from app.storage.releases import ProcessDefinition
from app.storage.statistics import Done, Scope, Times
from app.texts import Text
from app.use_cases.closing.show_business_date import CloseLine, close_line
from app.use_cases.definitions.load_release import load_release
from app.use_cases.permissions import Actor, require
from app.use_cases.reporting.outcomes import Outcomes, outcomes
from app.use_cases.reporting.periods import PERIODS, Period, beginning, end_of, first_of_month
from app.use_cases.reporting.portfolio import Portfolio, portfolio

BUSIEST, BUSIEST_DAYS, CLOSES = 8, 28, 5


@dataclass(frozen=True)
class Stage:
    """A stage with the processes in it: cases of the period that came to it, and all that are in it now."""

    name: Text
    reached: int
    now: int


@dataclass(frozen=True)
class ProcessTime:
    """How long runs of a process took, of those that ended in the period."""

    name: Text
    times: Times


@dataclass(frozen=True)
class FunderMoney:
    """Of one funder in yuan: on its bank account today, and what came and is on no item yet."""

    name: Text
    received: Decimal
    paid_out: Decimal
    unapplied: Decimal


@dataclass(frozen=True)
class LimitUse:
    """Limits of one kind of a funder in yuan; `nearly_full` are those used by nine tenths."""

    funder: Text
    kind: str
    many: int
    total: Decimal
    used: Decimal
    nearly_full: int


@dataclass(frozen=True)
class Lent:
    """Loans paid out and their principal in yuan."""

    many: int
    amount: Decimal


@dataclass(frozen=True)
class Statistics:
    """All of one moment. `steps` are (first day, outcomes) of each week or month; `funders` those to choose from;
    `busiest` are people of the last four weeks.

    `closed_on` is the last closed day; `balances` what all accounts of all funders add up to at that close, None for
    a reader of one funder, to whom `closes` says nothing either: they are of all funders.
    """

    period: Period
    business_on: date
    funder_id: int | None
    funders: tuple[tuple[int, Text], ...]
    steps: tuple[tuple[date, Outcomes], ...]
    products: tuple[tuple[Text, Outcomes], ...]
    stages: tuple[Stage, ...]
    times: tuple[ProcessTime, ...]
    to_payout: Times | None
    lent_this_month: Lent
    portfolio: Portfolio
    money: tuple[FunderMoney, ...]
    limits: tuple[LimitUse, ...]
    busiest: tuple[Done, ...]
    closed_on: date | None
    balances: Mapping[str, Decimal] | None
    closes: tuple[CloseLine, ...]


def show_statistics(actor: Actor, period_key: str, funder_id: int | None = None) -> Statistics:
    """Of the actor's bank; the platform's people may choose one or see all. NotFound for another bank's."""
    require("view_statistics", actor)
    if actor.case_scope is not None and funder_id not in (None, actor.case_scope):
        raise NotFound
    period, moment, everybody = PERIODS[period_key], clock.moment(), actor.case_scope is None
    with reading() as session:
        names = _funders(session)
        if funder_id is not None and funder_id not in names:
            raise NotFound
        chosen = funder_id if everybody else actor.case_scope
        starts = period.starts(moment.business_on)
        scope = Scope(chosen, beginning(starts[0]), end_of(moment))
        steps, products = _volume(session, scope, starts)
        month = first_of_month(moment.business_on)
        last = closes.newest_done(session)
        return Statistics(
            period=period,
            business_on=moment.business_on,
            funder_id=chosen,
            funders=tuple(names.items()) if everybody else (),
            steps=steps,
            products=products,
            stages=_stages(session, scope),
            times=_times(session, scope),
            to_payout=statistics.times_to_payout(session, scope, starts[0]),
            lent_this_month=Lent(*day_totals.lent_since(session, month, chosen)),
            portfolio=portfolio(session, chosen, moment.business_on),
            money=_money(session, chosen, moment, names),
            limits=_limits(session, chosen, names),
            busiest=_busiest(session, scope),
            closed_on=last.business_on if last is not None else None,
            balances=last.trial_balance if last is not None and everybody else None,
            closes=_closes(session) if everybody else (),
        )


def _funders(session: Session) -> dict[int, Text]:
    query = select(Organisation).where(Organisation.kind == statistics.FUNDER).order_by(Organisation.id)
    return {one.id: one.name for one in session.scalars(query)}


def _volume(
    session: Session, scope: Scope, starts: tuple[date, ...]
) -> tuple[tuple[tuple[date, Outcomes], ...], tuple[tuple[Text, Outcomes], ...]]:
    rows = statistics.applications(session, scope, [beginning(day) for day in starts])
    known = {key: Text(one.name_zh, one.name_en) for key, one in releases.products(session).items()}
    asked = {product for _, product, _, _ in rows}
    sold = [*(key for key in known if key in asked), *sorted(asked - set(known))]
    steps = tuple((day, outcomes(_picked(rows, place=place))) for place, day in enumerate(starts))
    return steps, tuple((known.get(key, Text(key, key)), outcomes(_picked(rows, product=key))) for key in sold)


def _picked(
    rows: Iterable[tuple[int, str, str, int]], *, place: int | None = None, product: str | None = None
) -> list[tuple[str, int]]:
    return [
        (milestone, number) for at, sold, milestone, number in rows if place in (None, at) and product in (None, sold)
    ]


def _stages(session: Session, scope: Scope) -> tuple[Stage, ...]:
    stages: dict[int, list[ProcessDefinition]] = {}
    for one in statistics.processes(session):
        stages.setdefault(one.stage, []).append(one)
    reached, now = statistics.reached(session, scope), statistics.under_way(session, scope.funder_id)
    return tuple(
        Stage(_stage_name(session, within), reached.get(stage, 0), now.get(stage, 0))
        for stage, within in sorted(stages.items())
    )


def _busiest(session: Session, scope: Scope) -> tuple[Done, ...]:
    lately = replace(scope, since=scope.until - timedelta(days=BUSIEST_DAYS))
    return tuple(statistics.busiest(session, lately, BUSIEST))


def _closes(session: Session) -> tuple[CloseLine, ...]:
    found = closes.newest(session, limit=CLOSES)
    failed = closes.failures(session, [one.id for one in found])
    return tuple(close_line(one, failed) for one in found)


def _stage_name(session: Session, within: list[ProcessDefinition]) -> Text:
    """Of one process its name; of several what their diagrams call the stage, else all their names."""
    if len(within) > 1:
        for one in within:
            said = load_release(session, one.release_id).facts.properties
            if said.get("stage_name"):
                return Text(said["stage_name"], said.get("stage_name_en", ""))
    return Text("、".join(one.name_zh for one in within), ", ".join(one.name_en for one in within))


def _times(session: Session, scope: Scope) -> tuple[ProcessTime, ...]:
    found = {one.key: one for one in statistics.process_times(session, scope)}
    return tuple(
        ProcessTime(Text(one.name_zh, one.name_en), found[one.process_key])
        for one in statistics.processes(session)
        if one.process_key in found
    )


def _money(session: Session, chosen: int | None, moment: Moment, names: Mapping[int, Text]) -> tuple[FunderMoney, ...]:
    moved = day_totals.bank_movements(session, moment.business_on, chosen)
    waiting = day_totals.unapplied(session, chosen)
    nothing = (Decimal("0.00"), Decimal("0.00"))
    return tuple(
        FunderMoney(name, *moved.get(id_, nothing), waiting.get(id_, nothing[0]))
        for id_, name in names.items()
        if id_ in moved or waiting.get(id_) or id_ == chosen
    )


def _limits(session: Session, chosen: int | None, names: Mapping[int, Text]) -> tuple[LimitUse, ...]:
    return tuple(
        LimitUse(names.get(funder, Text("", "")), kind, many, total, used, full)
        for funder, kind, many, total, used, full in day_totals.limits(session, chosen)
    )
