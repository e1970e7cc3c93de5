"""Call activities: copies of variables in, mapped or all out, errors on their way up, circles refused."""

from __future__ import annotations

import pytest

from app.errors import DefinitionRefused
from tests.engine.diagrams import (
    END,
    ERROR,
    START,
    begin,
    boundary,
    bpmn,
    complete,
    done,
    element,
    flows,
    line,
    mapping,
    process,
    release,
    release_of,
    user,
)


def called(*parts: str) -> str:
    return process(*parts, key="q")


def call(extension: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return element("callActivity", "call", f'<zeebe:calledElement processId="q"{written} />{extension}')


CHILD = (
    element("startEvent", "qs"),
    user("qa", {"found": "=found"}),
    element("endEvent", "qe"),
    line("qs", "qa", "qe"),
)


def test_a_called_process_works_on_copies_and_gives_its_variables_back() -> None:
    of = release(START, call(), user("b"), END, line("start", "call", "b", "end"), called=called(*CHILD))
    first = begin(of, amount=5)
    assert (first.waiting_at, first.tasks_created[0].variables["amount"]) == (("qa",), 5)
    after = complete(of, first, "qa", found=3)
    assert (after.waiting_at, after.variables["found"], done(after)) == (("b",), 3, ["qa", "qe", "call"])


def test_a_call_may_pass_on_and_take_back_only_what_is_mapped() -> None:
    narrow = call(
        mapping({"asked": "=amount"}, {"result": "=found + asked"}),
        propagateAllParentVariables="false",
        propagateAllChildVariables="false",
    )
    of = release(START, narrow, user("b"), END, line("start", "call", "b", "end"), called=called(*CHILD))
    first = begin(of, amount=5)
    assert first.tasks_created[0].variables == {"asked": 5}
    assert complete(of, first, "qa", found=3).variables == {"case_number": "C-1", "amount": 5, "result": 8}


def test_a_call_that_takes_nothing_back_leaves_the_variables_alone() -> None:
    deaf = call(propagateAllChildVariables="false")
    of = release(START, deaf, user("b"), END, line("start", "call", "b", "end"), called=called(*CHILD))
    after = complete(of, begin(of, amount=5), "qa", found=3)
    assert after.variables == {"case_number": "C-1", "amount": 5}


def test_an_error_of_a_called_process_reaches_the_border_of_the_call() -> None:
    failing = (element("startEvent", "qs"), user("qa"), element("endEvent", "qe", inner=ERROR), line("qs", "qa", "qe"))
    of = release(
        START,
        call(),
        boundary("no", "call", ERROR),
        user("b"),
        END,
        flows("start>call", "call>end", "no>b", "b>end"),
        called=called(*failing),
    )
    assert complete(of, begin(of), "qa").waiting_at == ("b",)


@pytest.mark.parametrize("target", ["p", "q"])
def test_calls_that_go_in_a_circle_are_refused(target: str) -> None:
    back = element("callActivity", "back", f'<zeebe:calledElement processId="{target}" />')
    again = process(element("startEvent", "qs"), back, element("endEvent", "qe"), line("qs", "back", "qe"), key="q")
    main = process(START, call(), END, line("start", "call", "end"))
    with pytest.raises(DefinitionRefused) as caught:
        release_of(bpmn(main, again))
    assert caught.value.problems[0].where == "back"


def test_a_called_process_that_is_missing_is_refused() -> None:
    with pytest.raises(DefinitionRefused) as caught:
        release(START, call(), END, line("start", "call", "end"))
    assert caught.value.problems[0].where == "call"


def test_what_a_called_process_writes_into_a_context_is_not_yet_its_callers() -> None:
    asks = '<zeebe:script expression="=7" resultVariable="n" />' + mapping(outputs={"loan.asked": "=n"})
    child = (element("startEvent", "qs"), element("scriptTask", "s", asks), user("qa"), element("endEvent", "qe"))
    flow = line("qs", "s", "qa", "qe")
    of = release(START, call(), END, line("start", "call", "end"), called=called(*child, flow))
    outcome = begin(of, loan={"months": 12})
    assert outcome.tasks_created[0].variables["loan"] == {"months": 12, "asked": 7}
    assert outcome.variables["loan"] == {"months": 12}


def nested(key: str, called: str) -> str:
    """A process of ten sub-processes one within the other; the innermost has a user task or calls another process."""
    core = (
        element("callActivity", f"{key}_call", f'<zeebe:calledElement processId="{called}" />')
        if called
        else user("qa")
    )
    inner, last = core, f"{key}_call" if called else "qa"
    for n in range(10):
        start, end = f"{key}s{n}", f"{key}e{n}"
        parts = element("startEvent", start) + inner + element("endEvent", end) + line(start, last, end)
        inner, last = element("subProcess", f"{key}sub{n}", inner=parts), f"{key}sub{n}"
    return process(
        element("startEvent", f"{key}s"),
        inner,
        element("endEvent", f"{key}e"),
        line(f"{key}s", last, f"{key}e"),
        key=key,
    )


def test_the_deepest_nesting_that_is_allowed_can_be_left_again() -> None:
    keys = ["p", "c1", "c2", "c3", "c4", "c5"]
    of = release_of(bpmn(*(nested(key, called) for key, called in zip(keys, [*keys[1:], ""], strict=True))))
    outcome = begin(of)
    assert outcome.waiting_at == ("qa",)
    assert complete(of, outcome, "qa").end_event == "pe"


def test_calls_deeper_than_that_are_refused() -> None:
    keys = ["p", "c1", "c2", "c3", "c4", "c5", "c6"]
    with pytest.raises(DefinitionRefused) as caught:
        release_of(bpmn(*(nested(key, called) for key, called in zip(keys, [*keys[1:], ""], strict=True))))
    assert "deeper" in caught.value.problems[0].text.en
