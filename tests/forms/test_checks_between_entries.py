"""Checks that compare entries, or ask the case what is wanted and allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.forms.form_files import checked, component, faults, form_of, radio, required, rows, text


@pytest.mark.parametrize("second", ["Tan Bo", " tan  bo "])
def test_a_second_name_that_is_the_first_again_is_refused_in_words(second: str) -> None:
    form = form_of(text("visitor", label="走访人"), text("second", properties={"differs_from": "visitor"}))
    assert "不能与“走访人”相同" in faults(form, {"visitor": "Tan Bo", "second": second})["second"]
    assert faults(form, {"visitor": "Tan Bo", "second": "Yu Hai"}) == {}


def test_names_differ_in_each_row_of_a_list() -> None:
    inner = (text("a"), text("b", properties={"differs_from": "a"}))
    form = form_of(component("dynamiclist", "", path="rows", components=list(inner)))
    found = faults(form, {"rows": [{"a": "x", "b": "y"}, {"a": "x", "b": "x"}]})
    assert list(found) == ["rows[1].b"]


def test_a_remark_is_wanted_where_its_condition_holds_and_only_there() -> None:
    form = form_of(
        radio("finances", "yes", "no"), text("remark", properties={"required_expression": '=finances = "no"'})
    )
    assert faults(form, {"finances": "yes"}) == {} == faults(form, {"finances": "no", "remark": "账实不符"})
    assert faults(form, {"finances": "no"}) == {"remark": "这里必填，还没有填"}


def test_a_remark_whose_condition_cannot_be_computed_is_wanted() -> None:
    form = form_of(text("remark", properties={"required_expression": "=missing > 3"}))
    assert list(faults(form, {})) == ["remark"]


METHODS = form_of(radio("method", "bullet", "monthly", properties={"allowed_expression": "=limit.methods"}))


def test_of_the_options_only_those_of_the_case_may_be_chosen() -> None:
    assert faults(METHODS, {"method": "monthly"}, {"limit": {"methods": ["monthly"]}}) == {}
    assert list(faults(METHODS, {"method": "bullet"}, {"limit": {"methods": ["monthly"]}})) == ["method"]


def test_options_that_the_case_does_not_tell_are_none() -> None:
    assert list(faults(METHODS, {"method": "bullet"}, {})) == ["method"]


def test_files_that_are_too_few_or_the_same_twice_are_said() -> None:
    photos = component("filepicker", "photos", multiple=True, properties={"min_files": "2"}, validate=required())
    form = form_of(photos)
    assert faults(form, {"photos": [1, 2]}) == {}
    assert (
        faults(form, {"photos": [1]})
        == {"photos": "至少 2 份不同的文件，现在 1 份"}
        == faults(form, {"photos": [1, 1]})
    )
    assert list(faults(form, {})) == ["photos"]


BALANCE = form_of(
    rows(
        "years",
        component("number", "assets", properties={"kind": "money"}),
        component("number", "debts", properties={"kind": "money"}),
        component(
            "number",
            "equity",
            properties={
                "kind": "money",
                "check_expression": "=assets = debts + equity",
                "check_zh": "资产应等于负债加权益，现在相差 {{assets - debts - equity}} 元",
                "check_en": "Assets are debts and equity; they differ by {{assets - debts - equity}} yuan",
            },
        ),
        properties={
            "row_zh": "报表",
            "check_expression": "=count(years) > 1",
            "check_zh": "至少两年",
            "check_en": "Two",
        },
    )
)


def test_entries_that_do_not_agree_are_refused_in_the_files_own_words_at_the_field() -> None:
    good, bad = {"assets": "10", "debts": "4", "equity": "6"}, {"assets": "10", "debts": "4", "equity": "5"}
    assert faults(BALANCE, {"years": [good, good]}) == {}
    found = faults(BALANCE, {"years": [good, bad]})
    assert found == {"years[1].equity": "资产应等于负债加权益，现在相差 1.00 元"}


def test_a_condition_over_a_blank_entry_is_no_fault() -> None:
    some = {"debts": "4", "equity": "6"}  # FEEL compares null as any other value
    assert faults(BALANCE, {"years": [some, some]}) == {}


def test_a_list_may_have_a_condition_of_its_own() -> None:
    assert faults(BALANCE, {"years": [{"assets": "1"}]}) == {"years": "至少两年"}


def test_a_list_that_is_wanted_says_so_in_its_own_words() -> None:
    wanted = {"required_expression": "=amount > 5", "check_zh": "超过 5 元要有报表", "check_en": "Above 5"}
    form = form_of(text("amount", kind="money"), rows("years", text("a"), properties=wanted))
    assert faults(form, {"amount": "5"}) == {}
    assert faults(form, {"amount": "6"}) == {"years": "超过 5 元要有报表"} == faults(form, {"amount": "6", "years": []})


TOTAL = form_of(
    rows("years", component("number", "revenue", properties={"kind": "money"})),
    component(
        "number", "revenue", properties={"kind": "money", "value_expression": "=years[-1].revenue"}, validate=required()
    ),
    text("because", conditional={"hide": "=revenue > 100"}),
)


def test_an_entry_that_follows_from_others_is_theirs_whatever_was_typed() -> None:
    found = checked(TOTAL, {"years": [{"revenue": "300"}, {"revenue": "200"}], "revenue": "999", "because": "x"})
    assert found.errors == ()
    assert found.data["revenue"] == Decimal("200.00")
    assert "because" not in found.data


def test_an_entry_that_others_do_not_give_is_typed() -> None:
    assert checked(TOTAL, {"revenue": "99", "because": "x"}).data["revenue"] == Decimal("99.00")
    assert list(faults(TOTAL, {"because": "x"})) == ["revenue"]
