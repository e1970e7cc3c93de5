"""Stored traces of an evaluation: one a table, and for the decision asked for always one, with its value."""

from __future__ import annotations

from dataclasses import replace

from app.decisions.model import DecisionModel, Evaluation
from app.decisions.trace import TableTrace


def traces_of(model: DecisionModel, decision_id: str, evaluation: Evaluation) -> tuple[TableTrace, ...]:
    """The evaluation's traces, the decision's own last: its result as it went on, and every note on the evaluation.

    A decision without a table has a trace without hit policy, inputs and hits.
    """
    traces = evaluation.traces
    if traces and traces[-1].decision_id == decision_id:
        own, before = traces[-1], traces[:-1]
    else:
        name = model.decisions[decision_id].name
        own, before = TableTrace(decision_id, name, "", (), (), None), traces
    return (*before, replace(own, outputs=evaluation.value, notes=(*own.notes, *evaluation.notes)))
