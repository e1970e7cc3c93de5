"""Differences of two versions in words: what is added, removed and changed in diagrams, forms and tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.texts import Text
from app.use_cases.definitions.diagram_difference import Names, diagram_differences
from app.use_cases.definitions.difference import Difference
from app.use_cases.definitions.form_difference import form_differences
from app.use_cases.definitions.table_difference import table_differences
from tests.engine.diagrams import END, START, bpmn, element, flows, line, process, user
from tests.use_cases.definitions.uploads import PROJECT, shipped

NAMES = Names(
    {("role", "a"): Text("甲", "role A"), ("role", "b"): Text("乙", "role B"), ("form", "f"): Text("表", "form F")}
)
OLD = process(START, user("x"), END, line("start", "x", "end"))


def drawn(before: str, after: str) -> list[Difference]:
    return diagram_differences(bpmn(before), bpmn(after), NAMES)


def said(found: list[Difference], language: str = "en") -> list[str]:
    """Each difference in a line: kind, sort, name, then "label: before > after"."""
    return [
        " ".join(
            [
                one.kind,
                one.sort.of(language),
                one.name.of(language),
                *(
                    f"[{part.label.of(language)}: {part.before.of(language)} > {part.after.of(language)}]"
                    for part in one.details
                ),
            ]
        )
        for one in found
    ]


def test_a_file_does_not_differ_from_itself() -> None:
    for path in sorted((PROJECT / "processes").glob("*.bpmn")):
        assert diagram_differences(path.read_bytes(), path.read_bytes(), NAMES) == []
    for path in sorted((PROJECT / "forms").glob("*.form")):
        assert form_differences(path.read_bytes(), path.read_bytes()) == []
    for path in sorted((PROJECT / "rules").glob("*.dmn")):
        assert table_differences(path.read_bytes(), path.read_bytes()) == []


def test_positions_are_no_difference() -> None:
    before = shipped("processes/initial_review.bpmn")
    after = before.replace(b'<dc:Bounds x="', b'<dc:Bounds x="9')
    assert after != before and diagram_differences(before, after, NAMES) == []


def test_a_new_step_says_where_it_stands_and_the_flow_that_now_leads_there() -> None:
    after = process(START, user("x"), user("y"), END, line("start", "x", "y", "end"))

    found = drawn(OLD, after)

    assert [one.kind for one in found if one.element == "y"] == ["added"]
    (new,) = [one for one in found if one.element == "y"]
    assert said([new])[0].startswith("added step of a person 任务 y [comes after:  > 任务 x] [is followed by:  > ")


def test_a_step_that_is_gone_is_told_once() -> None:
    before = process(START, user("x"), user("y"), END, line("start", "x", "y", "end"))

    found = drawn(before, OLD)

    assert [one.kind for one in found if one.element == "y"] == ["removed"]


CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "name": (lambda s: s.replace('id="x"', 'id="x" name="新"', 1), "[name: x > 新]"),
    "role": (lambda s: s.replace('candidateGroups="a"', 'candidateGroups="b"'), "[done by: role A > role B]"),
    "form": (
        lambda s: s.replace('candidateGroups="a" />', 'candidateGroups="a" /><zeebe:formDefinition formId="f" />'),
        "[form:  > form F]",
    ),
    "due": (
        lambda s: s.replace('candidateGroups="a" />', 'candidateGroups="a" /><zeebe:taskSchedule dueDate="=now()" />'),
        "[due:  > =now()]",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_step_says_what_changed(what: str) -> None:
    task = element("userTask", "x", '<zeebe:assignmentDefinition candidateGroups="a" />')
    before = process(START, task, END, line("start", "x", "end"))
    change, words = CHANGES[what]
    after = change(before)
    assert after != before

    (found,) = drawn(before, after)

    assert found.kind == "changed" and words in said([found])[0]


def gate(condition: str, target: str = "a") -> str:
    other = "b" if target == "a" else "a"
    return process(
        START,
        element("exclusiveGateway", "g", default=f"g_{other}"),
        user("a"),
        user("b"),
        END,
        flows("start>g", "g>a", "g>b", "a>end", "b>end", **{f"g_{target}": condition}),
    )


def test_a_changed_condition_is_told_at_its_connection() -> None:
    found = said(drawn(gate("= n &gt; 1"), gate("= n &gt; 2")))

    assert found == ["changed connection choice → 任务 a [condition: n > 1 > n > 2]"]


def test_another_default_is_told_at_the_gateway() -> None:
    found = " ".join(said(drawn(gate("= n &gt; 1"), gate("= n &gt; 1", "b"))))

    assert "[otherwise to: 任务 b > 任务 a]" in found


def test_a_renamed_step_is_told_once_and_not_where_others_lead_to_it() -> None:
    before = gate("= n &gt; 1")

    found = said(drawn(before, before.replace('name="任务 b"', 'name="新"')))

    assert found == ["changed step of a person 新 [name: 任务 b > 新]"]


def test_a_new_connection_between_old_steps_is_told() -> None:
    after = process(START, user("x"), END, line("start", "x", "end"), element("endEvent", "e2"), flows("x>e2"))
    before = process(START, user("x"), END, line("start", "x", "end"), element("endEvent", "e2"), flows("start>e2"))

    found = said(drawn(before, after))

    assert found == ["added connection 任务 x → end event", "removed connection start event → end event"]


def changed_form(change: Callable[[dict[str, Any]], object]) -> list[Difference]:
    """The differences of a small form from itself with one thing changed."""
    form: dict[str, Any] = {
        "id": "f",
        "schemaVersion": 19,
        "components": [
            {"type": "textfield", "id": "one", "key": "one", "label": "姓名", "properties": {"label_en": "Name"}},
            {"type": "number", "id": "two", "key": "two", "label": "金额"},
            {
                "type": "select",
                "id": "three",
                "key": "three",
                "label": "方式",
                "values": [{"label": "转账", "value": "t"}, {"label": "现金", "value": "c"}],
            },
        ],
    }
    before = json.dumps(form).encode()
    change(form)
    return form_differences(before, json.dumps(form).encode())


def test_words_of_one_language_that_changed_are_shown_in_both() -> None:
    found = changed_form(lambda f: f["components"][0]["properties"].update(label_en="Full name"))

    assert said(found, "zh") == ["changed 字段 姓名 [标题（英文）: Name > Full name]"]
    assert said(found) == ["changed field Full name [label (English): Name > Full name]"]


FORM_CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a label": (lambda f: f["components"][0].update(label="全名"), "changed 字段 全名 [标题（中文）: 姓名 > 全名]"),
    "required": (
        lambda f: f["components"][1].update(validate={"required": True}),
        "changed 字段 金额 [必填: 否 > 是]",
    ),
    "a bound": (lambda f: f["components"][1].update(validate={"max": 9}), "changed 字段 金额 [最大值:  > 9]"),
    "options": (lambda f: f["components"][2]["values"].pop(), "changed 字段 方式 [选项: 转账、现金 > 转账]"),
    "a removed field": (lambda f: f["components"].pop(0), "removed 字段 姓名"),
    "a condition": (
        lambda f: f["components"][1].update(conditional={"hide": "=one = null"}),
        "changed 字段 金额 [隐藏条件:  > one = null]",
    ),
}


@pytest.mark.parametrize("what", FORM_CHANGES)
def test_a_changed_form_says_what_changed(what: str) -> None:
    change, words = FORM_CHANGES[what]

    assert said(changed_form(change), "zh") == [words]


def test_a_new_field_says_what_it_asks() -> None:
    found = changed_form(
        lambda f: f["components"].append({"type": "textfield", "id": "n", "key": "n", "label": "备注"})
    )

    assert said(found, "zh")[0].startswith("added 字段 备注 [标题:  > 备注] [类型:  > 文字]")


RATING = "rules/rating.dmn"


def test_a_changed_cell_is_told_with_its_row_and_column() -> None:
    before = shipped("rules/grace_days.dmn")

    found = said(table_differences(before, before.replace(b"<text>3</text>", b"<text>5</text>")), "zh")

    assert len(found) == 1 and found[0].startswith("changed 规则 第 ") and "3 > 5]" in found[0]


def test_another_hit_policy_and_a_removed_row_are_told() -> None:
    before = shipped(RATING).decode()
    start, end = before.index("<rule "), before.index("</rule>") + len("</rule>")
    after = (before[:start] + before[end:]).replace('hitPolicy="UNIQUE"', 'hitPolicy="FIRST"')

    found = said(table_differences(before.encode(), after.encode()))

    assert any("[hit policy: unique > first]" in one for one in found)
    assert [one for one in found if one.startswith("removed rule row 1")]
    assert len(found) == 2  # that the rows behind it moved up is no difference


EXPRESSION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<businessKnowledgeModel id="k" name="double"><encapsulatedLogic><formalParameter name="n"/>
<literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="e" name="fee"><variable name="fee"/>
<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
<literalExpression><text>double(amount)</text></literalExpression></decision></definitions>"""


def test_a_change_beside_the_tables_is_not_lost() -> None:
    formula, knowledge = (EXPRESSION.replace(*part) for part in (("(amount)", "(amount + 1)"), ("n * 2", "n * 3")))

    assert [one[:16] for one in said(table_differences(EXPRESSION.encode(), formula.encode()))] == ["changed decision"]
    assert said(table_differences(EXPRESSION.encode(), knowledge.encode()))[0].startswith("changed knowledge model")
    assert table_differences(EXPRESSION.encode(), EXPRESSION.encode()) == []


def test_other_allowed_values_of_a_column_are_told() -> None:
    before = shipped(RATING)
    after = before.replace(b'typeRef="number"', b'typeRef="string"', 1)
    assert after != before

    assert "type, values or default" in " ".join(said(table_differences(before, after)))
