"""Whole files that are refused: unsafe, too large, double, missing, or with rules that cannot be read."""

from __future__ import annotations

import pytest

from app.engine import parse_release, process_facts
from app.errors import DefinitionRefused
from tests.engine.diagrams import DMN, END, START, bpmn, element, line, process, user
from tests.engine.test_refusals import around, problems


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<a><b></a>",
        b"<a/>",
        b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><d>&e;</d>',
        b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>',
        b"<a>" * 300 + b"</a>" * 300,
        b" " * 4_000_001,
    ],
)
def test_what_is_no_safe_diagram_is_refused(data: bytes) -> None:
    assert problems(data)


def test_an_entity_is_never_read_from_the_machine() -> None:
    declared = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    main = bpmn(around(user("x"))).replace(b'encoding="UTF-8"?>', b'encoding="UTF-8"?>' + declared)
    main = main.replace("任务 x".encode(), b"&e;")
    assert all("root" not in problem.text.en for problem in problems(main))


def test_too_many_elements_are_refused() -> None:
    tasks = [element("task", f"t{n}") for n in range(2001)]
    ids = ["start", *(f"t{n}" for n in range(2001)), "end"]
    assert "2000" in problems(bpmn(process(START, *tasks, END, line(*ids))))[0].text.en


def test_sub_processes_that_nest_without_end_are_refused() -> None:
    inner = user("a")
    for n in range(25):
        inner = element("subProcess", f"s{n}", inner=element("startEvent", f"b{n}") + inner)
    assert any(
        "nest" in problem.text.en for problem in problems(bpmn(process(START, inner, END, line("start", "end"))))
    )


def test_a_process_that_is_not_executable_is_not_found() -> None:
    main = bpmn(around(user("x"))).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert problems(main)[0].where == "p"


def test_a_process_defined_in_two_files_is_refused() -> None:
    main = bpmn(around(user("x")))
    with pytest.raises(DefinitionRefused):
        parse_release("p", {"processes/a.bpmn": main, "processes/b.bpmn": main})


def test_a_long_chain_of_elements_is_no_difficulty() -> None:
    ids = ["start", *(f"t{n}" for n in range(1500)), "end"]
    main = bpmn(process(START, *(element("task", f"t{n}") for n in range(1500)), END, line(*ids)))
    assert len(process_facts(main)[0].elements) == 1502


def test_a_decision_in_two_files_is_refused() -> None:
    table = DMN.format(hit_policy="FIRST").encode()
    assert problems(bpmn(around(user("x"))), one=table, two=table)[0].where == "band"


@pytest.mark.parametrize("key", ["a/b", "a b", "1a", "a#each"])
def test_an_id_that_is_none_is_refused(key: str) -> None:
    assert problems(bpmn(around(element("task", key), key)))


def test_a_wrong_rule_file_is_refused() -> None:
    broken = DMN.format(hit_policy="FIRST").replace("amount", "amount +").encode()
    assert problems(bpmn(around(user("x"))), band=broken)
