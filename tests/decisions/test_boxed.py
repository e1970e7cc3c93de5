"""Boxed expressions other than tables."""

from __future__ import annotations

import pytest

from app.decisions import parse_dmn
from app.plain import Plain
from tests.decisions.dmn_texts import NOON, decision, dmn, literal


def value_of(logic: str, **variables: Plain) -> Plain:
    return parse_dmn(dmn(decision(logic))).evaluate("d", variables, NOON).value


def entry(text: str, name: str = "", type_ref: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if name else ""
    return f"<contextEntry>{variable}{literal(text)}</contextEntry>"


def test_a_context_without_a_result_cell_is_the_context() -> None:
    assert value_of(f"<context>{entry('1', 'a')}{entry('a + 1', 'next one')}</context>") == {"a": 1, "next one": 2}


def test_the_result_cell_of_a_context_is_its_value_and_sees_all_entries() -> None:
    assert value_of(f"<context>{entry('n', 'a b')}{entry('a b * 2')}</context>", n=4) == 8


def test_a_context_entry_of_the_wrong_type_is_null() -> None:
    assert value_of(f"<context>{entry(chr(34) + 'x' + chr(34), 'a', 'number')}</context>") == {"a": None}


def test_a_list_holds_its_expressions() -> None:
    assert value_of(f"<list>{literal('1')}{literal('n')}</list>", n="x") == [1, "x"]


def test_a_relation_is_a_list_of_contexts() -> None:
    columns = '<column name="kind"/><column name="rate"/>'
    rows = f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('4')}</row>"
    assert value_of(f"<relation>{columns}{rows}</relation>") == [{"kind": 1, "rate": 2}, {"kind": 3, "rate": 4}]


@pytest.mark.parametrize(("test", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"x"', None)])
def test_a_conditional_chooses_a_branch(test: str, expected: Plain) -> None:
    branches = f"<if>{literal(test)}</if><then>{literal('1')}</then><else>{literal('2')}</else>"
    assert value_of(f"<conditional>{branches}</conditional>") == expected


def test_a_filter_keeps_what_matches() -> None:
    logic = f"<filter><in>{literal('orders')}</in><match>{literal('amount > 5 and item.kind = 1')}</match></filter>"
    orders = [{"amount": 9, "kind": 1}, {"amount": 9, "kind": 2}, {"amount": 1, "kind": 1}]
    assert value_of(logic, orders=orders) == [{"amount": 9, "kind": 1}]


def test_for_collects_and_sees_what_it_has_so_far() -> None:
    body = f"<in>{literal('[1, 2, 3]')}</in><return>{literal('n + count(partial)')}</return>"
    logic = f'<for iteratorVariable="n">{body}</for>'
    assert value_of(logic) == [1, 3, 5]


@pytest.mark.parametrize(
    ("tag", "body", "expected"),
    [
        ("some", "n > 2", True),
        ("some", "n > 9", False),
        ("every", "n > 0", True),
        ("every", "n > 1", False),
        ("some", "n", None),
    ],
)
def test_some_and_every_judge_a_list(tag: str, body: str, expected: Plain) -> None:
    logic = f'<{tag} iteratorVariable="n"><in>{literal("[1, 2, 3]")}</in><satisfies>{literal(body)}</satisfies></{tag}>'
    assert value_of(logic) is expected


@pytest.mark.parametrize(("tag", "body"), [("for", "return"), ("some", "satisfies"), ("every", "satisfies")])
def test_iterating_over_no_list_is_null(tag: str, body: str) -> None:
    assert (
        value_of(f'<{tag} iteratorVariable="n"><in>{literal("1")}</in><{body}>{literal("n")}</{body}></{tag}>') is None
    )


def test_a_boxed_function_in_a_context_can_be_called() -> None:
    function = (
        f'<functionDefinition><formalParameter name="x" typeRef="number"/>{literal("x + base")}</functionDefinition>'
    )
    entries = f'{entry("10", "base")}<contextEntry><variable name="add"/>{function}</contextEntry>{entry("add(n)")}'
    assert value_of(f"<context>{entries}</context>", n=5) == 15


def test_a_typed_expression_holds_its_value_to_the_type() -> None:
    assert value_of('<literalExpression typeRef="number"><text>"x"</text></literalExpression>') is None


def test_a_list_of_one_fits_the_type_of_its_item() -> None:
    assert value_of('<literalExpression typeRef="number"><text>[7]</text></literalExpression>') == 7


def test_a_boxed_invocation_may_call_a_built_in_and_leaves_parameters_that_are_not_bound_null() -> None:
    def binding(name: str, text: str) -> str:
        return f'<binding><parameter name="{name}"/>{literal(text)}</binding>'

    built_in = (
        f"<invocation>{literal('substring')}{binding('string', 'n')}{binding('start position', '2')}</invocation>"
    )
    own = f"<invocation>{literal('function(a, b) [a, b]')}{binding('a', 'n')}</invocation>"

    assert value_of(built_in, n="abc") == "bc"
    assert value_of(own, n=1) == [1, None]
