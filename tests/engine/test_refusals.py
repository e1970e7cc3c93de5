"""What cannot be run rightly is refused at publication, with the element's id, its line and words for a person."""

from __future__ import annotations

import pytest

from app.engine import parse_release
from app.errors import DefinitionRefused, Problem
from tests.engine.diagrams import (
    END,
    ERROR,
    MESSAGE,
    OPENED,
    START,
    boundary,
    bpmn,
    element,
    flows,
    line,
    mapping,
    process,
    script,
    service,
    timer,
    user,
)
from tests.engine.test_multi_instance import loop

GATE = element("exclusiveGateway", "g")
CONDITION = "<bpmn:conditionExpression>{}</bpmn:conditionExpression>"


def problems(main: bytes, **files: bytes) -> list[Problem]:
    named = {"processes/p.bpmn": main} | {f"rules/{name}.dmn": data for name, data in files.items()}
    with pytest.raises(DefinitionRefused) as caught:
        parse_release("p", named)
    return list(caught.value.problems)


def around(tag_or_part: str, key: str = "x") -> str:
    """A process in which the part with id x stands between start and end."""
    part = tag_or_part if tag_or_part.startswith("<") else element(tag_or_part, key)
    return process(START, part, END, line("start", key, "end"))


def signal(key: str = "x") -> str:
    return element("intermediateThrowEvent", key, inner='<bpmn:signalEventDefinition signalRef="s" />')


REFUSED: dict[str, tuple[str, str]] = {
    "a complex gateway": (around("complexGateway"), "x"),
    "an ad-hoc sub-process": (around("adHocSubProcess"), "x"),
    "a transaction": (around("transaction"), "x"),
    "a signal": (around(signal()), "x"),
    "a compensation": (
        around(element("intermediateThrowEvent", "x", inner="<bpmn:compensateEventDefinition />")),
        "x",
    ),
    "a condition event": (
        around(element("intermediateCatchEvent", "x", inner="<bpmn:conditionalEventDefinition />")),
        "x",
    ),
    "an event of two sorts": (around(element("intermediateCatchEvent", "x", inner=MESSAGE + timer("P1D"))), "x"),
    "a catch of nothing": (around("intermediateCatchEvent"), "x"),
    "a start by timer": (
        process(element("startEvent", "x", inner=timer("R/P1D", "timeCycle")), END, line("x", "end")),
        "x",
    ),
    "a standard loop": (around(user("x", inner="<bpmn:standardLoopCharacteristics />")), "x"),
    "a multi-instance of a count": (
        around(
            user(
                "x",
                inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
                "</bpmn:multiInstanceLoopCharacteristics>",
            )
        ),
        "x",
    ),
    "a collection that is no FEEL": (around(user("x", inner=loop(items="members"))), "x"),
    "a user task without groups": (around(element("userTask", "x")), "x"),
    "candidate users": (
        around(element("userTask", "x", '<zeebe:assignmentDefinition candidateGroups="a" candidateUsers="b" />')),
        "x",
    ),
    "an embedded form": (around(user("x", extension='<zeebe:formDefinition formKey="camunda-forms:bpmn:f" />')), "x"),
    "a form that is not there": (around(user("x", extension='<zeebe:formDefinition formId="gone" />')), "x"),
    "a listener": (
        around(
            user(
                "x",
                extension='<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="t" />'
                "</zeebe:taskListeners>",
            )
        ),
        "x",
    ),
    "an extension in the wrong place": (
        around(service("x", '<zeebe:script expression="=1" resultVariable="r" />')),
        "x",
    ),
    "a due date that is none": (around(user("x", extension='<zeebe:taskSchedule dueDate="soon" />')), "x"),
    "retries that are no number": (
        around(element("serviceTask", "x", '<zeebe:taskDefinition type="t" retries="some" />')),
        "x",
    ),
    "an island that nothing reaches": (
        process(START, END, user("x"), user("y"), flows("start>end", "x>y", "y>x")),
        "x",
    ),
    "an unknown extension": (around(user("x", extension="<zeebe:novelty />")), "x"),
    "a service task without a type": (around("serviceTask"), "x"),
    "a rule task without a decision": (around("businessRuleTask"), "x"),
    "a script without an expression": (around("scriptTask"), "x"),
    "a script that is no FEEL": (around(script("x", "r", "=1 +")), "x"),
    "a result that is no variable": (around(script("x", "=r", "=1")), "x"),
    "a script in another language": (around(script("x", "r", "r = 1")), "x"),
    "a receive task without a message": (around("receiveTask"), "x"),
    "a message without a key": (
        around(element("intermediateCatchEvent", "x", inner=OPENED)),
        "m_opened",
    ),
    "a throw without a case number": (
        around(element("intermediateThrowEvent", "x", mapping({"amount": "=1"}), MESSAGE)),
        "x",
    ),
    "a throw with a time to live": (
        around(
            element(
                "intermediateThrowEvent",
                "x",
                '<zeebe:publishMessage correlationKey="=case_number" timeToLive="PT1H" />',
                MESSAGE,
            )
        ),
        "x",
    ),
    "a throw that refers to nothing": (
        around(element("intermediateThrowEvent", "x", inner='<bpmn:messageEventDefinition messageRef="none" />')),
        "x",
    ),
    "a mapping to no variable": (around(user("x", {"1st": "=1"})), "x"),
    "a wrong expression in a mapping": (around(user("x", {"a": "=1 +"})), "x"),
    "a computed call": (around(element("callActivity", "x", '<zeebe:calledElement processId="=q" />')), "x"),
    "a call of nothing": (around("callActivity"), "x"),
    "a timer that is no period": (around(element("intermediateCatchEvent", "x", inner=timer("1 day"))), "x"),
    "a timer that runs backwards": (around(element("intermediateCatchEvent", "x", inner=timer("-PT1H"))), "x"),
    "a catch that repeats": (
        around(element("intermediateCatchEvent", "x", inner=timer("R/P1D", "timeCycle"))),
        "x",
    ),
    "a cron timer": (
        process(
            START,
            user("a"),
            boundary("x", "a", timer("0 0 9 * * *", "timeCycle"), False),
            END,
            flows("start>a", "a>end", "x>end"),
        ),
        "x",
    ),
    "a boundary event on nothing": (
        process(START, user("a"), boundary("x", "gone", timer("P1D")), END, flows("start>a", "a>end", "x>end")),
        "x",
    ),
    "a boundary event on a gateway": (
        process(START, GATE, boundary("x", "g", timer("P1D")), END, flows("start>g", "g>end", "x>end")),
        "x",
    ),
    "an error event that does not interrupt": (
        process(START, user("a"), boundary("x", "a", ERROR, False), END, flows("start>a", "a>end", "x>end")),
        "x",
    ),
    "a task that nothing leads to": (process(START, user("x"), END, line("start", "end")), "x"),
    "a start that leads nowhere": (process(element("startEvent", "x")), "x"),
    "a flow out of an end": (process(START, element("endEvent", "x"), user("a"), line("start", "x", "a")), "x"),
    "a flow into the void": (process(START, END, line("start", "end"), flows("start>gone")), "start_gone"),
    "a flow over a border": (
        process(
            START,
            element("subProcess", "sub", inner=START.replace("start", "s1") + user("a") + flows("s1>a")),
            END,
            flows("start>sub", "a>end"),
        ),
        "a_end",
    ),
    "a condition behind a task": (
        process(START, user("x"), END, flows("start>x", "x>end", x_end="= true")),
        "x",
    ),
    "a flow without a condition behind a choice": (
        process(
            START,
            element("exclusiveGateway", "x"),
            user("a"),
            END,
            flows("start>x", "x>a", "x>end", "a>end", x_a="= n > 1"),
        ),
        "x",
    ),
    "a condition that is no FEEL": (
        process(START, GATE, user("a"), END, flows("start>g", "g>a", "g>end", "a>end", g_a="n > 1", g_end="= true")),
        "g_a",
    ),
    "a default flow of another element": (
        process(START, element("exclusiveGateway", "x", default="start_x"), END, flows("start>x", "x>end")),
        "x",
    ),
    "a task behind an event gateway": (
        process(START, element("eventBasedGateway", "x"), user("a"), END, flows("start>x", "x>a", "x>end", "a>end")),
        "x",
    ),
    "a link without a catch": (
        process(
            START,
            element("intermediateThrowEvent", "x", inner='<bpmn:linkEventDefinition name="on" />'),
            line("start", "x"),
        ),
        "x",
    ),
    "an id used twice": (process(START, user("x"), user("x"), END, line("start", "x", "end")), "x"),
    "a process without a start": (process(END), "p"),
    "two plain starts": (process(START, element("startEvent", "t"), END, flows("start>end", "t>end")), "p"),
    "a sub-process without a start": (around(element("subProcess", "x", inner=user("a"))), "x"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_at_its_element_and_line_in_both_languages(what: str) -> None:
    text, where = REFUSED[what]
    main = bpmn(text.replace("<bpmn:", "\n<bpmn:"))
    found = [problem for problem in problems(main) if problem.where == where]
    assert found, f"not refused at {where}"
    drawn = next(n for n, text in enumerate(main.decode().splitlines(), 1) if f'id="{where}"' in text)
    assert drawn <= (found[0].line or 0) <= drawn + 6  # a fault inside the element is told with its own line
    assert found[0].text.zh != found[0].text.en
    assert found[0].text.en.isascii() or "“" in found[0].text.en


def test_every_fault_of_a_file_is_told_at_once() -> None:
    found = problems(
        bpmn(
            process(
                START,
                element("userTask", "a"),
                service("b"),
                element("complexGateway", "c"),
                END,
                line("start", "a", "end"),
            )
        )
    )
    assert {problem.where for problem in found} == {"a", "b", "c"}


def test_a_wrong_expression_is_told_with_its_place() -> None:
    problem = problems(bpmn(around(script("x", "r", "=amount + * 2"))))[0]
    assert "amount + * 2" in problem.text.en
    assert "character" in problem.text.en
