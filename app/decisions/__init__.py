"""Decision tables and decision requirements (DMN 1.1 to 1.5): parsed once, evaluated on plain values, traced."""

from app.decisions.cell_words import condition_in_words, value_in_words
from app.decisions.examples import Example, ExampleFile, Expected, Outcome, run_example
from app.decisions.examples_check import check_examples
from app.decisions.examples_file import read_examples
from app.decisions.hit_policy import HIT_POLICIES, same
from app.decisions.kit_file import is_test_file, read_test_cases
from app.decisions.model import Decision, DecisionModel, Evaluation
from app.decisions.parser import DecisionName, list_decisions, namespace_of, parse_dmn
from app.decisions.replay import Asked, Past, Replay, asked_by
from app.decisions.stored import traces_of
from app.decisions.table import Rule, Table
from app.decisions.table_words import CellWords, RowWords, TableWords, conditions_in_words, table_in_words
from app.decisions.texts_of import PartText, part_texts
from app.decisions.trace import Hit, TableTrace
from app.decisions.value_words import UNTOLD, DecisionWords, words_of_values
from app.decisions.wording import (
    TraceWords,
    answer_in_words,
    because_in_words,
    decisive,
    each_output,
    in_words,
    names_in_words,
    outputs_in_words,
    policy_in_words,
)
from app.decisions.xml_faults import xml_fault

__all__ = [
    "HIT_POLICIES",
    "UNTOLD",
    "Asked",
    "CellWords",
    "Decision",
    "DecisionModel",
    "DecisionName",
    "DecisionWords",
    "Evaluation",
    "Example",
    "ExampleFile",
    "Expected",
    "Hit",
    "Outcome",
    "PartText",
    "Past",
    "Replay",
    "RowWords",
    "Rule",
    "Table",
    "TableTrace",
    "TableWords",
    "TraceWords",
    "answer_in_words",
    "asked_by",
    "because_in_words",
    "check_examples",
    "condition_in_words",
    "conditions_in_words",
    "decisive",
    "each_output",
    "in_words",
    "is_test_file",
    "list_decisions",
    "names_in_words",
    "namespace_of",
    "outputs_in_words",
    "parse_dmn",
    "part_texts",
    "policy_in_words",
    "read_examples",
    "read_test_cases",
    "run_example",
    "same",
    "table_in_words",
    "traces_of",
    "value_in_words",
    "words_of_values",
    "xml_fault",
]
