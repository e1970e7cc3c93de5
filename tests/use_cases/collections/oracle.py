"""An oracle of arrears: from a schedule and receipts alone it says how late a loan is and on which rung it stands.

It shares no code with the product. Money goes to what is due, the oldest instalment first, penalty before interest
before principal; what is left waits for the next due date. Penalty is by the day on unpaid interest and principal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

# the first day past due of each rung
RUNGS = {"S0": 0, "S1": 1, "S2": 8, "S3": 31, "S4": 91, "S5": 181}


@dataclass
class Due:
    """One instalment as it is paid; amounts in fen. `earned` is the penalty so far, not rounded."""

    due_on: date
    interest: int
    principal: int
    earned: Fraction = Fraction(0)
    penalty_paid: int = 0

    @property
    def penalty(self) -> int:
        """What is open of the penalty, half a fen up."""
        return max(floor(self.earned + Fraction(1, 2)) - self.penalty_paid, 0)

    @property
    def unpaid(self) -> int:
        return self.interest + self.principal


@dataclass(frozen=True)
class Arrears:
    """Where a loan stands: days past due, which episode of arrears runs (0: none), its rung, and all that is owed."""

    dpd: int
    episode: int
    stage: str
    outstanding_fen: int
    overpaid: frozenset[str]


@dataclass
class Oracle:
    """One loan: `plan` is (due on, interest, principal) in fen, `yearly_penalty` a fraction, day count actual/360."""

    plan: list[tuple[date, int, int]]
    yearly_penalty: Fraction
    receipts: list[tuple[date, str, int]] = field(default_factory=list)
    episode: int = 0
    stage: str = ""

    def see(self, on: date) -> Arrears:
        """The standing on a day on which the loan is closed or money is booked; to be asked in order of days."""
        dues, overpaid = self._paid_to(on)
        oldest = min((due.due_on for due in dues if due.unpaid), default=on)
        dpd = max((on - oldest).days, 0)
        if dpd == 0:
            self.stage = ""
        else:
            self.episode += self.stage == ""
            reached = [rung for rung, first_day in RUNGS.items() if first_day <= dpd][-1]
            self.stage = max(self.stage, reached)
        owed = sum(due.unpaid + due.penalty for due in dues)
        return Arrears(dpd, self.episode if self.stage else 0, self.stage, owed, frozenset(overpaid))

    def _paid_to(self, on: date) -> tuple[list[Due], set[str]]:
        dues = [Due(due_on, interest, principal) for due_on, interest, principal in self.plan]
        waiting: list[tuple[str, int]] = []
        overpaid: set[str] = set()
        today = min(due.due_on for due in dues)
        days = {day for day, _, _ in self.receipts} | {due.due_on for due in dues} | {on}
        for day in sorted(day for day in days if day <= on):
            for due in dues:
                late_from = max(due.due_on, today)
                if day > late_from:
                    due.earned += Fraction(due.unpaid) * self.yearly_penalty * (day - late_from).days / 360
            today = max(today, day)
            waiting += [(number, fen) for came_on, number, fen in sorted(self.receipts) if came_on == day]
            waiting = [(number, self._spend(dues, fen, day)) for number, fen in waiting]
            room = sum(due.unpaid + due.penalty for due in dues)
            overpaid |= {number for (number, fen), before in _with_sums(waiting) if fen and before + fen > room}
            waiting = [(number, max(min(fen, room - before), 0)) for (number, fen), before in _with_sums(waiting)]
        return dues, overpaid

    @staticmethod
    def _spend(dues: list[Due], fen: int, day: date) -> int:
        for due in dues:
            if due.due_on <= day:
                part = min(fen, due.penalty)
                due.penalty_paid, fen = due.penalty_paid + part, fen - part
                part = min(fen, due.interest)
                due.interest, fen = due.interest - part, fen - part
                part = min(fen, due.principal)
                due.principal, fen = due.principal - part, fen - part
        return fen


def _with_sums(waiting: list[tuple[str, int]]) -> list[tuple[tuple[str, int], int]]:
    """Each receipt with what those before it hold."""
    return [(receipt, sum(fen for _, fen in waiting[:at])) for at, receipt in enumerate(waiting)]
