"""What a firm reads of where its application stands."""

from __future__ import annotations

from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.visitor import Visitor, words


def test_a_firm_sees_no_stage_that_comes_to_bad_loans_only_and_no_name_of_the_banks_steps(desk: Desk) -> None:
    draft, number = desk.start(people.OTHER_FIRM), desk.at_initial_review()

    started = Visitor(desk, people.OTHER_FIRM).get(f"/applications/{draft}")
    reviewed = Visitor(desk, people.FIRM).get(f"/applications/{number}")

    assert "担保物处置" not in words(started) and "拉回修改" not in words(started)
    stepper = reviewed.text[reviewed.text.index('class="stepper"') :].partition("</ol>")[0]
    assert "办理中" in words(stepper)
    assert "担保物处置" in words(Visitor(desk, people.REVIEWER).get(f"/cases/{number}"))


def test_a_message_that_the_firm_has_acted_on_says_so(desk: Desk) -> None:
    number = desk.at_second_review()
    desk.complete(people.SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)
    firm = Visitor(desk, people.FIRM)
    asked = words(firm.get(f"/applications/{number}"))

    desk.complete(people.FIRM, number, "accept_offer", answers.ACCEPT)

    assert "请在 30 天内确认方案" in asked.replace("30天", "30 天") and "此后贵方已办" not in asked
    assert "此后贵方已办：接受方案" in words(firm.get(f"/applications/{number}"))
