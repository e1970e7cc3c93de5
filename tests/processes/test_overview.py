"""The overview holds every process that is shipped, and what it says of messages is what they send and take."""

from __future__ import annotations

from app.engine import ProcessFacts, collaboration_facts, process_facts
from app.engine.collaboration import CollaborationFacts
from tests.processes.walking import files


def overview() -> CollaborationFacts:
    (found,) = [facts for path, content in files().items() if path.endswith(".bpmn") and (facts := _facts(content))]
    return found


def _facts(content: bytes) -> CollaborationFacts | None:
    return collaboration_facts(content)


def shipped() -> dict[str, ProcessFacts]:
    drawn = [content for path, content in files().items() if path.endswith(".bpmn")]
    return {facts.process_key: facts for content in drawn for facts in process_facts(content)}


def test_every_stage_of_a_case_stands_on_the_overview() -> None:
    staged = {key for key, facts in shipped().items() if facts.properties.get("stage", "0") != "0"}
    assert staged and staged <= set(overview().participants.values())


def test_what_flows_from_a_process_is_thrown_by_it_and_what_flows_to_one_is_taken() -> None:
    there, wrong = shipped(), []
    for id_, flow in overview().flows.items():
        for name in flow.messages:
            if flow.source in there and name not in there[flow.source].thrown_messages:
                wrong.append((id_, flow.source, "does not throw", name))
            target = there.get(flow.target)
            if target is not None and name not in (*target.start_messages, *target.caught_messages):
                wrong.append((id_, flow.target, "does not take", name))
    assert wrong == []


def test_what_one_process_tells_another_is_drawn() -> None:
    there = shipped()
    drawn = {(flow.source, flow.target, name) for flow in overview().flows.values() for name in flow.messages}
    told = {
        (sender.process_key, taker.process_key, name)
        for sender in there.values()
        for taker in there.values()
        if sender is not taker
        for name in set(sender.thrown_messages) & {*taker.start_messages, *taker.caught_messages}
    }
    assert told - drawn == set()
