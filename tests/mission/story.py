"""Two loans from application to end: one is repaid, one is not and its collateral is sold; a line for each stage."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from tests.mission import answers
from tests.mission.answers import Plot
from tests.mission.cast import FIRM, STAFF, WAREHOUSE_FIRM, Part
from tests.mission.person import PATIENCE_SECONDS, Stuck, wait_for
from tests.mission.stage import IDLE_SECONDS, Stage

SIGNING = ("签署合同", "资金方签署")
PAID, SETTLED, DISPOSING = "已还", "已结清", "担保物处置中"
BUYER = "大江铜业有限公司"
TO_MONEY_OUT = (
    ("1 进件 Intake", "初审中"),
    ("2 初审 Initial review", "复审中"),
    ("3 复审 Second review", "签约中"),
    ("4 签约 Contract", "待放款"),
    ("5 放款 Disbursement", "已放款"),
)
# the rungs of the ladder, by days past due
RUNGS = (1, 8, 31, 91)


@dataclass
class Story:
    """One loan's way; `stage` is the product with its people, `say` takes each line, `before` is told each act."""

    stage: Stage
    plot: Plot
    firm: Part
    title: str
    say: Callable[[str], None]
    before: Callable[[Part, str], None] = lambda part, title: None
    number: str = ""
    loan_no: str = ""
    done: list[str] = field(default_factory=list)

    def to_money_out(self) -> None:
        """Intake, both reviews, contract, payout."""
        self.number = self.stage.apply(self.firm, self.plot)
        for name, status in TO_MONEY_OUT:
            self.until(lambda status=status: self.stage.status_reached(self.number, status), name)  # type: ignore[misc]
            self.line(name)
        self.loan_no = self.stage.loan_of(self.number)

    def until(self, reached: Callable[[], bool], what: str, *, days: int = 0, step: int = 1) -> None:
        """People do what stands in their inboxes until `reached`; where nobody has work, up to `days` days pass.

        They pass `step` at a time.
        """
        while not reached():
            patience = IDLE_SECONDS if days > 0 else PATIENCE_SECONDS
            if self._somebody_works() or self.stage.settles(lambda: reached() or self._has_work(), patience):
                continue
            if days <= 0:
                raise Stuck(f"{self.title}: {what} never came\n{self.stage.where(self.number)}")
            self.stage.move_to(self.stage.today() + timedelta(days=step))
            days -= step

    def everybody_works(self) -> None:
        """People do what stands in their inboxes until nothing does, and nothing more comes."""
        while self._somebody_works() or self.stage.settles(self._has_work, IDLE_SECONDS):
            pass

    def line(self, stage: str) -> None:
        """Says the stage, who did what in it, and the trial balance."""
        acts = " · ".join(dict.fromkeys(self.done)) or "—"
        self.done = []
        self.say(f"{self.title} | {stage} | {self.stage.today()} | {acts} | trial balance {self.stage.trial_balance()}")

    @property
    def _cast(self) -> tuple[Part, ...]:
        return (self.firm, *STAFF)

    def _has_work(self) -> bool:
        return self.stage.has_open_tasks(self.number) and any(
            self.stage.player(part).works(self.number) for part in self._cast
        )

    def _somebody_works(self) -> bool:
        """Does the first task that stands in an inbox; False where none does."""
        if not self.stage.has_open_tasks(self.number):
            return False
        for part in self._cast:
            for work in self.stage.player(part).works(self.number)[:1]:
                self.before(part, work.title)
                if self._do(part, work.title, work.address):
                    self.done.append(f"{part.role} {part.login}: {work.title}")
                return True
        return False

    def _do(self, part: Part, title: str, address: str) -> bool:
        if title in SIGNING:
            return self.stage.player(part).sign(address)
        given = answers.of(self.plot, self.stage.today())
        if title not in given:
            raise Stuck(f"{self.title}: nobody knows what to write into “{title}”")
        return self.stage.player(part).answer(address, given[title])


def good(stage: Stage, say: Callable[[str], None], before: Callable[[Part, str], None] | None = None) -> Story:
    """The loan that is repaid on every due date."""
    story = Story(stage, answers.GOOD, FIRM, "good 好", say)
    story.before = before or story.before
    story.to_money_out()
    for due_on, amount, _ in stage.plan(story.loan_no):
        stage.move_to(due_on)
        stage.pay(story.loan_no, amount, str(story.plot.firm["company_name"]))
        wait_for(lambda due_on=due_on: _is_paid(stage, story, due_on), f"{amount} of {due_on}", lambda: "")  # type: ignore[misc]
        story.done.append(f"{FIRM.role} {FIRM.login}: 还款 {amount} ({due_on})")
    story.until(lambda: stage.status(story.number) == SETTLED, "the end of the loan")
    story.line("6 还款 Repayment")
    return story


def bad(stage: Stage, say: Callable[[str], None], before: Callable[[Part, str], None] | None = None) -> Story:
    """The loan that nobody pays: arrears down the ladder, its receipt sold, the surplus to its owner."""
    story = Story(stage, answers.BAD, WAREHOUSE_FIRM, "bad 坏", say)
    story.before = before or story.before
    story.to_money_out()
    first_due = stage.plan(story.loan_no)[0][0]
    for days in RUNGS:
        stage.move_to(first_due + timedelta(days=days))
        story.everybody_works()
    story.until(lambda: stage.status_reached(story.number, DISPOSING), "the decision to dispose", days=10)
    story.line("6 催收 Collections")
    paid: list[str] = []

    def ended() -> bool:
        disposal_no = _disposal_waiting_for_money(stage, story.number)
        if disposal_no and disposal_no not in paid:
            paid.append(disposal_no)
            stage.pay(disposal_no, answers.PRICE, BUYER)
        return stage.status(story.number) == SETTLED

    story.until(ended, "the end of the disposal", days=90, step=8)
    story.everybody_works()
    story.line("7 处置 Disposal")
    return story


def _is_paid(stage: Stage, story: Story, due_on: object) -> bool | None:
    return True if any(on == due_on and state == PAID for on, _, state in stage.plan(story.loan_no)) else None


def _disposal_waiting_for_money(stage: Stage, number: str) -> str:
    """The disposal's number, where a buyer is bound and has been told to pay."""
    found = re.search(r"(CZ\d{12,}) 已成交，待收款", stage.operator.get(f"/cases/{number}").words)
    return found[1] if found else ""
