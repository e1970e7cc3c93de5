"""A drawing that nobody executes tells which participant stands for which process, and what is sent between them."""

from __future__ import annotations

import pytest

from app.engine import collaboration_facts, process_facts
from app.engine.collaboration import MessageFlow
from app.errors import DefinitionRefused

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><collaboration id="all" name="总览">"""
NAMED = """<extensionElements><zeebe:properties><zeebe:property name="{0}" value="{1}"/></zeebe:properties>
  </extensionElements>"""
PARTS = f"""<participant id="one">{NAMED.format("process", "loan_intake")}</participant><participant id="bank"/>
  <messageFlow id="told" sourceRef="one" targetRef="bank">{NAMED.format("messages", "Paid, Refunded")}</messageFlow>
  <messageFlow id="answered" sourceRef="bank" targetRef="one"/></collaboration>"""


def drawn(rest: str) -> bytes:
    return f"{HEAD}{rest}</definitions>".encode()


def test_participants_and_flows_are_told() -> None:
    facts = collaboration_facts(drawn(PARTS))
    assert facts is not None and facts.name.zh == "总览"
    assert facts.participants == {"one": "loan_intake"}
    assert facts.flows == {
        "told": MessageFlow("loan_intake", "", ("Paid", "Refunded")),
        "answered": MessageFlow("", "loan_intake", ()),
    }


def test_an_overview_has_no_process_that_runs() -> None:
    assert process_facts(drawn(PARTS)) == ()


@pytest.mark.parametrize("rest", ["</collaboration>", PARTS + '<process id="p" isExecutable="true"/>'])
def test_a_file_without_a_named_process_or_with_one_that_runs_is_no_overview(rest: str) -> None:
    assert collaboration_facts(drawn(rest)) is None


def test_what_is_no_bpmn_is_refused() -> None:
    with pytest.raises(DefinitionRefused):
        collaboration_facts(b"<html/>")
