"""Finds circles of a diagram that run by themselves and that no path leaves: an instance in one would never rest."""

from __future__ import annotations

from app.engine.definition import Element, ProcessDefinition

# what needs nobody and nothing from outside before the instance goes on
BY_ITSELF = frozenset(
    {
        *("task", "manualTask", "scriptTask", "businessRuleTask", "intermediateThrowEvent", "startEvent"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "boundaryEvent"),
    }
)


def endless_from(definition: ProcessDefinition) -> Element | None:
    """The first element, in the file's order, from which no path comes to a rest; None where all do.

    A path rests at an element that waits (for a person, a message, a time, an operation) or that no flow leaves.
    """
    arriving: dict[str, list[str]] = {key: [] for key in definition.elements}
    leaves = set()
    for flow in definition.flows:
        arriving[flow.target].append(flow.source)
        leaves.add(flow.source)
    resting = [one.id for one in definition.elements.values() if one.id not in leaves or not _by_itself(one)]
    rests = set(resting)
    while resting:
        for source in arriving[resting.pop()]:
            if source not in rests:
                rests.add(source)
                resting.append(source)
    return next((one for one in definition.elements.values() if one.id not in rests), None)


def _by_itself(element: Element) -> bool:
    return element.tag in BY_ITSELF and not element.detail.get("job") and element.multi is None
