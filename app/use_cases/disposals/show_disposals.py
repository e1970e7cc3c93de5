"""The disposals of a case, as those who see the ledger read them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.storage import disposals
from app.storage.database import reading
from app.storage.disposals import Disposal, DisposalLine
from app.use_cases.permissions import Actor, may


@dataclass(frozen=True)
class SeenDisposal:
    """A disposal with the yuan of its price that came so far, and who got what of the proceeds."""

    disposal: Disposal
    received: Decimal
    lines: tuple[DisposalLine, ...]


def disposals_of_case(actor: Actor, case_id: int) -> tuple[SeenDisposal, ...]:
    """Oldest first, for a case that the actor may see already; none for who may not see the ledger."""
    if not may("view_ledger", actor):
        return ()
    with reading() as session:
        found = [one for one in disposals.of_case(session, case_id) if actor.case_scope in (None, one.funder_id)]
        return tuple(
            SeenDisposal(one, disposals.received(session, one.id), tuple(disposals.lines(session, one.id)))
            for one in found
        )
