"""The running product as the story sees it: its people, the operator's pages, the clock and the bank's counter."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.mission.answers import Plot
from tests.mission.cast import OPERATOR, Part, Player
from tests.mission.person import Page, Person, Stuck, wait_for
from tests.web.visitor import words

# in the order in which a case comes to them
STATUSES = (
    *("草稿", "资料核验中", "初审中", "复审中", "已批准", "等待确认方案", "已接受方案", "签约中", "待放款", "已放款"),
    *("逾期催收中", "担保物处置中", "已结清"),
)
# for how long nobody has work before the story lets a day pass
IDLE_SECONDS, PAUSE_SECONDS = 5.0, 0.5


@dataclass
class Stage:
    """`enter` makes the player of a part, for example a Person; the operator reads pages over HTTP."""

    address: str
    enter: Callable[[Part], Player]
    players: dict[str, Player] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def player(self, part: Part) -> Player:
        """The player of a part, who stays for the whole story."""
        if part.login not in self.players:
            self.players[part.login] = self.enter(part)
        return self.players[part.login]

    def person(self, part: Part) -> Person:
        """The same part over HTTP."""
        if part.login not in self.people:
            self.people[part.login] = Person(self.address, part.login, part.organisation)
        return self.people[part.login]

    @property
    def operator(self) -> Person:
        """Who sees everything."""
        return self.person(OPERATOR)

    def apply(self, firm: Part, plot: Plot) -> str:
        """The firm opens an application of the plot's product at Zhijiang Bank; its number."""
        person = self.person(firm)
        page = person.get("/applications/new")
        card = next(
            part for part in page.text.split("<section")[1:] if "之江银行" in part and f"{plot.product}:" in part
        )
        target = re.search(r'action="(/applications/new/[^"]+)"', card)
        assert target, "every product has a button"
        started = person.post(target[1], {}, page=page)
        number = re.search(r"LN\d{12,}", started.text)
        if number is None:
            raise Stuck(f"{firm.login} cannot apply: {started.words[:1500]}")
        return number[0]

    def status(self, number: str) -> str:
        """The case's status in words."""
        head = re.search(r"(?s)<h2>(.*?)</h2>", self.operator.get(f"/cases/{number}").text)
        shown = words(head[1]) if head else ""
        return next((status for status in STATUSES if status in shown), shown)

    def status_reached(self, number: str, status: str) -> bool:
        """Whether the case is as far as that, or farther."""
        now = self.status(number)
        return now in STATUSES and STATUSES.index(now) >= STATUSES.index(status)

    def has_open_tasks(self, number: str) -> bool:
        """Whether anybody has something to do in the case: one page of the operator's instead of everybody's inbox."""
        return "正在办的任务" in self.operator.get(f"/cases/{number}").text

    def loan_of(self, number: str) -> str:
        """The number of the case's loan."""

        def look() -> str | None:
            found = re.search(r"DK\d{12,}", self.operator.get(f"/cases/{number}").text)
            return found[0] if found else None

        return wait_for(look, f"the loan of {number}", lambda: self.where(number))

    def loan(self, loan_no: str) -> Page:
        """The loan's page."""
        return self.operator.get(f"/loans/{loan_no}")

    def plan(self, loan_no: str) -> list[tuple[date, str, str]]:
        """Due date, amount and state in words of each instalment."""
        table = re.search(r'(?s)<table class="table loan-plan">.*?</table>', self.loan(loan_no).text)
        assert table, "a loan has a plan"
        rows = []
        for row in re.findall(r"(?s)<tr.*?</tr>", table[0])[1:]:
            cells = [words(cell) for cell in re.findall(r"(?s)<td.*?</td>", row)]
            rows.append((date.fromisoformat(cells[1][:10]), cells[2].replace(",", ""), cells[-1]))
        return rows

    def dpd(self, loan_no: str) -> int:
        """Days past due, as the loan's page says."""
        found = re.search(r"逾期天数 ?(\d+)", self.loan(loan_no).words)
        return int(found[1]) if found else 0

    def today(self) -> date:
        """The business date."""
        found = re.search(r"营业日期 ?(\d{4}-\d\d-\d\d)", self._date_page().words)
        assert found, "the page says the date"
        return date.fromisoformat(found[1])

    def move_to(self, day: date) -> None:
        """Moves the business date and waits until every missing day is closed."""
        if day <= self.today():
            return
        self.operator.post("/operations/business-date", {"to": day.isoformat()}, page=self._date_page())

        def closed() -> bool | None:
            page = self._date_page()
            return True if self.today() == day and "data-renew" not in page.text else None

        wait_for(closed, f"the close of {day}", lambda: self._date_page().words)

    def _date_page(self) -> Page:
        return self.operator.get("/operations/business-date")

    def pay(self, remark: str, amount: str, payer: str) -> None:
        """Somebody outside pays at the sandbox bank."""
        told = self.operator.post("/sandbox-bank", {"remark": remark, "amount": amount, "payer_name": payer})
        if "已受理" not in told.text:
            raise Stuck(f"the sandbox bank took no money: {told.words[:1000]}")

    def trial_balance(self) -> str:
        """The total over all accounts of every funder, as the finance page says it."""
        found = re.search(r"借贷之差 ?(-?[\d,.]+)", self.operator.get("/finance").words)
        return found[1] if found else "?"

    def settles(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether the condition comes within this time, in which the product goes on by itself."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(PAUSE_SECONDS)
        return False

    def where(self, number: str) -> str:
        """What the case's page says, for somebody who wonders why nothing happens."""
        return self.operator.get(f"/cases/{number}").words[:3000]
