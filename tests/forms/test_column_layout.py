"""A list whose rows are drawn as columns: one line an entry, one cell a row."""

from __future__ import annotations

from tests.forms.form_files import MOMENT, component, form_of, group, rows, text

FORM = form_of(
    rows(
        "years",
        text("day"),
        component(
            "group", label="利润表", components=[text("revenue"), text("loss", conditional={"hide": "=revenue = null"})]
        ),
        group("more", text("remark")),
        properties={"layout": "columns"},
    )
)


def test_each_entry_is_a_line_with_a_cell_for_each_row_and_groups_are_headings() -> None:
    (node,) = FORM.view({"years": [{"day": "a", "revenue": "1"}, {"day": "b"}]}, {}, MOMENT)
    assert [(line.label.zh, [cell and cell.path for cell in line.cells]) for line in node.lines] == [
        ("day", ["years[0].day", "years[1].day"]),
        ("利润表", []),
        ("revenue", ["years[0].revenue", "years[1].revenue"]),
        ("loss", ["years[0].loss", None]),
        ("remark", ["years[0].more.remark", "years[1].more.remark"]),
    ]


def test_a_list_without_rows_has_no_lines() -> None:
    (node,) = FORM.view({"years": []}, {}, MOMENT)
    assert node.lines == ()
