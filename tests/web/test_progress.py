"""What a firm reads of where its application stands."""

from __future__ import annotations

from tests import desk as people
from tests.desk import Desk
from tests.web.visitor import Visitor, words


def test_a_firm_sees_no_stage_that_comes_to_bad_loans_only_and_no_name_of_the_banks_steps(desk: Desk) -> None:
    draft, number = desk.start(people.OTHER_FIRM), desk.at_initial_review()

    started = Visitor(desk, people.OTHER_FIRM).get(f"/applications/{draft}")
    reviewed = Visitor(desk, people.FIRM).get(f"/applications/{number}")

    assert "担保物处置" not in words(started) and "拉回修改" not in words(started)
    stepper = reviewed.text[reviewed.text.index('class="stepper"') :].partition("</ol>")[0]
    assert "办理中" in words(stepper)
    assert "担保物处置" in words(Visitor(desk, people.REVIEWER).get(f"/cases/{number}"))
