"""What a browser posts becomes nested entries: rows in order, ticks, files, and the buttons that change rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.forms import rearranges
from tests.forms.form_files import component, form_of, group, radio, rows, text

FORM = form_of(
    group("loan", text("amount", kind="money"), radio("use", "goods", "plant")),
    rows("orders", text("number"), rows("parts", text("name")), properties={"max_rows": "3"}),
    component("checkbox", "consent"),
    component("checklist", "uses", values=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]),
    component("filepicker", "papers", multiple=True),
    component("filepicker", "documents", properties={"checklist": "=wanted"}),
    text("phone", kind="phone", properties={"sensitive": "true"}),
)


def test_names_are_paths() -> None:
    posted = MultiDict([("loan.amount", "5"), ("loan.use", ""), ("loan.use", "plant")])
    assert FORM.decode(posted) == {"loan": {"amount": "5", "use": "plant"}}


def test_rows_come_in_the_order_of_their_numbers_without_gaps() -> None:
    posted = MultiDict([("orders[7].number", "second"), ("orders[2].number", "first")])
    assert FORM.decode(posted)["orders"] == [{"number": "first"}, {"number": "second"}]


def test_rows_hold_rows() -> None:
    posted = MultiDict([("orders[0].parts[0].name", "axle"), ("orders[0].parts[1].name", "wheel")])
    assert FORM.decode(posted)["orders"][0]["parts"] == [{"name": "axle"}, {"name": "wheel"}]


def test_an_unticked_box_that_was_shown_is_false_and_one_not_shown_is_absent() -> None:
    assert FORM.decode(MultiDict([("consent", "")])) == {"consent": False}
    assert FORM.decode(MultiDict([("consent", ""), ("consent", "on")])) == {"consent": True}
    assert FORM.decode(MultiDict()) == {}


def test_several_ticks_and_files_are_lists() -> None:
    posted = MultiDict([("uses", ""), ("uses", "a"), ("uses", "b"), ("papers", ""), ("papers", "17")])
    assert FORM.decode(posted) == {"uses": ["a", "b"], "papers": ["17"]}


def test_a_new_file_takes_the_place_of_the_only_one() -> None:
    form = form_of(component("filepicker", "paper"))
    assert form.decode(MultiDict([("paper", ""), ("paper", "17"), ("paper", "18")])) == {"paper": ["18"]}


def test_slots_of_a_checklist_are_lists_by_kind() -> None:
    posted = MultiDict([("documents", ""), ("documents.licence", "17"), ("documents.licence", "18")])
    assert FORM.decode(posted) == {"documents": {"licence": ["17", "18"]}}


def test_the_add_button_adds_an_empty_row() -> None:
    posted = MultiDict([("orders", ""), ("orders[0].number", "x"), ("_add", "orders")])
    assert FORM.decode(posted)["orders"] == [{"number": "x"}, {}]


def test_the_add_button_stops_at_the_most_rows() -> None:
    posted = MultiDict([(f"orders[{n}].number", "x") for n in range(3)] + [("_add", "orders")])
    assert len(FORM.decode(posted)["orders"]) == 3


def test_the_remove_button_removes_its_row() -> None:
    posted = MultiDict([("orders[0].number", "x"), ("orders[1].number", "y"), ("_remove", "orders[0]")])
    assert FORM.decode(posted)["orders"] == [{"number": "y"}]


def test_removing_the_last_row_leaves_an_empty_list() -> None:
    posted = MultiDict([("orders", ""), ("orders[0].number", "x"), ("_remove", "orders[0]")])
    assert FORM.decode(posted)["orders"] == []


def test_the_remove_button_removes_one_file() -> None:
    posted = MultiDict([("documents.licence", "17"), ("documents.licence", "18"), ("_remove", "documents.licence=17")])
    assert FORM.decode(posted)["documents"] == {"licence": ["18"]}


def test_a_masked_text_comes_with_its_reference() -> None:
    posted = MultiDict([("phone.$party", "7"), ("phone", "138****1208")])
    assert FORM.decode(posted) == {"phone": {"$party": "7", "masked": "138****1208"}}


def test_buttons_that_only_change_the_page_are_told_from_submitting() -> None:
    assert rearranges(MultiDict([("_add", "orders")]))
    assert not rearranges(MultiDict([("loan.amount", "5")]))


def test_a_huge_row_number_makes_no_huge_list() -> None:
    assert len(FORM.decode(MultiDict([("orders[999999].number", "x")]))["orders"]) == 1


PATHS = ["loan", "loan.amount", "loan.use", "consent", "uses", "papers", "documents", "documents.x", "phone"]
LISTS = ["orders", "orders[0]", "orders[0].number", "orders[1].parts[0].name", "x[", "].", "phone.$party"]
NAMES = st.sampled_from([*PATHS, *LISTS, "_add", "_remove", "_refresh"])
VALUES = st.one_of(st.text(max_size=20), NAMES, st.sampled_from(["orders[0].parts", "papers=1", "documents.x=1"]))


@given(st.lists(st.tuples(st.one_of(NAMES, st.text(max_size=12)), VALUES), max_size=25))
def test_whatever_is_posted_can_be_decoded(pairs: list[tuple[str, str]]) -> None:
    raw = FORM.decode(MultiDict(pairs))
    assert set(raw) <= {"loan", "orders", "consent", "uses", "papers", "documents", "phone"}
