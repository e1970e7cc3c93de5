"""Decision tables and decision requirements (DMN 1.1 to 1.5): parsed once, evaluated on plain values, traced."""

from app.decisions.cell_words import condition_in_words
from app.decisions.hit_policy import HIT_POLICIES, same
from app.decisions.model import Decision, DecisionModel, Evaluation
from app.decisions.parser import DecisionName, list_decisions, parse_dmn
from app.decisions.replay import Asked, Past, Replay, asked_by
from app.decisions.stored import traces_of
from app.decisions.table import Rule, Table
from app.decisions.table_words import CellWords, RowWords, TableWords, table_in_words
from app.decisions.texts_of import PartText, part_texts
from app.decisions.trace import Hit, TableTrace
from app.decisions.wording import TraceWords, decisive, in_words, policy_in_words
from app.decisions.xml_faults import xml_fault

__all__ = [
    "HIT_POLICIES",
    "Asked",
    "CellWords",
    "Decision",
    "DecisionModel",
    "DecisionName",
    "Evaluation",
    "Hit",
    "PartText",
    "Past",
    "Replay",
    "RowWords",
    "Rule",
    "Table",
    "TableTrace",
    "TableWords",
    "TraceWords",
    "asked_by",
    "condition_in_words",
    "decisive",
    "in_words",
    "list_decisions",
    "parse_dmn",
    "part_texts",
    "policy_in_words",
    "same",
    "table_in_words",
    "traces_of",
    "xml_fault",
]
