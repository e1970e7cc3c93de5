"""In whatever order instruction, answers, queries, call-backs and time come: money leaves once, both sides agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.payments import Answer, HttpChannel, Instruction, NotTaken, ResultUnknown
from tests.use_cases.payments.counter import Counter

AMOUNTS = ("10.00", "10.01", "10.03", "10.05", "10.06", "10.09", "10.10")
ACTS = ("work", "work", "query", "settle", "call back", "call back again", "arrives", "time passes")
FAULTS = ("none", "none", "lost", "unanswered", "on its way", "away")


@dataclass
class Line:
    """The wire to the bank; `faults` are what happens to the next requests, `kept` what will arrive later."""

    inner: HttpChannel
    faults: list[str] = field(default_factory=list)
    kept: list[Callable[[], Any]] = field(default_factory=list)
    sent: int = 0

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def secret(self) -> str:
        return self.inner.secret

    def send(self, instruction: Instruction) -> Answer:
        fault = self._fault()
        self.sent += fault != "away"
        return self._through(fault, lambda: self.inner.send(instruction))

    def query(self, payment_no: str) -> Answer:
        return self._through(self._fault(), lambda: self.inner.query(payment_no))

    def void(self, payment_no: str) -> Answer:
        return self._through(self._fault(), lambda: self.inner.void(payment_no))

    def _fault(self) -> str:
        return self.faults.pop() if self.faults else "none"

    def _through(self, fault: str, act: Callable[[], Answer]) -> Answer:
        if fault == "away":
            raise NotTaken("不通", "away")
        if fault == "on its way":
            self.kept.append(act)
        elif fault == "unanswered":
            act()
        if fault != "none":
            raise ResultUnknown("不明", fault)
        return act()

    def arrive(self) -> None:
        """What was on its way reaches the bank; nobody waits for the answer any more."""
        for act in self.kept:
            with suppress(Exception):
                act()
        self.kept.clear()


class Game:
    """One payment under a list of acts."""

    def __init__(self, counter: Counter, case_number: str, amount: str, line: Line) -> None:
        self.counter, self.case_number, self.line = counter, case_number, line
        self.notices: list[bytes] = []
        self.told: list[bytes] = []
        self.now: datetime = clock.real_now()
        counter.bank._deliver = lambda body: not self.notices.append(body)
        self.number = counter.confirmed(case_number, amount)

    def do(self, act: str) -> None:
        with clock.fixed_at(self.now):
            if act == "work":
                with suppress(NotTaken):
                    self.counter.pay_out(self.case_number, self.number)
            elif act == "query":
                self.counter.query(self.case_number, self.number)
            elif act == "settle":
                self.counter.bank.work()
            elif act == "call back" and self.notices:
                self.told.append(self.notices.pop())  # the newest first, so that they come out of order
                assert self.counter.call_back(self.told[-1])[0] == 200
            elif act == "call back again" and self.told:
                assert self.counter.call_back(self.told[0])[1]["outcome"] in ("known", "alarm")
            elif act == "arrives":
                self.line.arrive()
        if act == "time passes":
            self.now += timedelta(minutes=2)

    def finish(self) -> None:
        """Everything that is on its way arrives, and people ask until there is an answer."""
        self.line.faults.clear()
        self.do("work")
        for _ in range(2):
            self.do("arrives")
            self.do("settle")
            while self.notices:
                self.do("call back")
            self.do("time passes")
            self.do("query")

    def at_the_bank(self) -> str:
        """How the bank's book says that it ended; what it never took has failed."""
        said: str = self.counter.bank.status(self.number).content["status"]
        return {"absent": "failed"}.get(said, said)


@pytest.fixture
def table(counter: Counter) -> tuple[Counter, str, HttpChannel]:
    """A counter, one case for all games, and the honest channel."""
    honest = gateway.current()
    assert isinstance(honest, HttpChannel)
    return counter, counter.ready_case(), honest


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.sampled_from(AMOUNTS),
    acts=st.lists(st.sampled_from(ACTS), max_size=12),
    faults=st.lists(st.sampled_from(FAULTS), max_size=6),
)
def test_money_leaves_at_most_once_and_both_sides_agree(
    table: tuple[Counter, str, HttpChannel], amount: str, acts: list[str], faults: list[str]
) -> None:
    counter, case_number, honest = table
    line = Line(honest, list(faults))
    gateway.use(line)
    game = Game(counter, case_number, amount, line)

    for act in acts:
        game.do(act)
    game.finish()

    state = counter.payment(game.number).state
    assert state == game.at_the_bank() and state in ("succeeded", "failed")
    assert counter.debits(game.number) == ([amount] if state == "succeeded" else [])
    assert [one["result"] for one in counter.results(game.number)] == [state]
    assert line.sent <= 1 and counter.alarms() == []
