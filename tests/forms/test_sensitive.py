"""Personal values: references stand for them, come back from masked texts, and cannot be forged."""

from __future__ import annotations

from typing import Any

from app.forms import is_reference
from tests.forms.form_files import MOMENT, checked, faults, form_of, required, rows, text

PHONE = {"kind": "phone", "sensitive": "true"}
FORM = form_of(
    text("contact", properties=PHONE, validate=required()),
    rows("people", text("name"), text("phone", properties=PHONE, validate=required())),
)
KEPT = {"$party": 7, "masked": "138****1208"}
OTHER = {"$party": 8, "masked": "138****1208"}


def test_a_new_value_is_given_in_clear_at_its_sensitive_path() -> None:
    result = checked(FORM, {"contact": "13800001208", "people": [{"name": "A", "phone": "13900000186"}]})
    assert result.data["people"][0]["phone"] == "13900000186"
    assert FORM.sensitive_paths() == ("contact", "people[].phone")


def test_swapping_replaces_every_sensitive_value_and_nothing_else() -> None:
    data = {"contact": "13800001208", "people": [{"name": "A", "phone": "13900000186"}, {"name": "B"}]}
    seen: list[tuple[str, str, Any]] = []

    def swap(path: str, kind: str, value: Any) -> Any:
        seen.append((path, kind, value))
        return KEPT

    swapped = FORM.swap_sensitive(data, swap)
    assert swapped == {"contact": KEPT, "people": [{"name": "A", "phone": KEPT}, {"name": "B"}]}
    assert seen == [("contact", "phone", "13800001208"), ("people[0].phone", "phone", "13900000186")]
    assert data["contact"] == "13800001208"


def test_a_masked_text_that_comes_back_unchanged_is_the_reference_again() -> None:
    raw = {"contact": "138****1208", "people": []}
    assert checked(FORM, raw, stored={"contact": KEPT}).data["contact"] == KEPT
    assert checked(FORM, raw, {"contact": KEPT}).data["contact"] == KEPT


def test_a_reference_follows_its_row_when_an_earlier_row_is_removed() -> None:
    stored = {"contact": KEPT, "people": [{"phone": OTHER}, {"phone": KEPT}]}
    posted = FORM.decode(
        {
            "contact": "13800001208",
            "people[0].phone": "138****1208",
            "people[0].phone.$party": "8",
            "people[1].phone": "138****1208",
            "people[1].phone.$party": "7",
            "_remove": "people[0]",
        }
    )
    assert checked(FORM, posted, stored=stored).data["people"] == [{"name": None, "phone": KEPT}]


def test_a_masked_text_that_two_persons_share_is_not_guessed() -> None:
    stored = {"people": [{"phone": OTHER}, {"phone": KEPT}]}
    raw = {"contact": "13800001208", "people": [{}, {}, {"name": "C", "phone": "138****1208"}]}
    assert "people[2].phone" in faults(FORM, raw, stored=stored)


def test_a_foreign_reference_that_a_browser_sends_is_refused() -> None:
    raw = {"contact": {"$party": 99, "masked": "138****1208"}, "people": []}
    assert list(faults(FORM, raw, stored={"contact": KEPT})) == ["contact"]


def test_a_reference_in_a_field_that_is_not_sensitive_is_refused() -> None:
    raw = {"contact": "13800001208", "people": [{"name": KEPT, "phone": "13900000186"}]}
    assert list(faults(FORM, raw, stored={"people": [{"name": KEPT}]})) == ["people[0].name"]


def test_typing_over_a_masked_text_gives_the_new_value() -> None:
    posted = FORM.decode({"contact": "13900000186", "contact.$party": "7", "people": ""})
    assert checked(FORM, posted, stored={"contact": KEPT}).data["contact"] == "13900000186"


def test_a_half_changed_masked_text_is_refused_without_repeating_it() -> None:
    told = faults(FORM, {"contact": "138****1209", "people": []}, stored={"contact": KEPT})
    assert "138" not in told["contact"]


def test_a_draft_keeps_the_reference_too() -> None:
    result = checked(FORM, {"contact": "138****1208"}, stored={"contact": KEPT}, lenient=True)
    assert is_reference(result.data["contact"])


def test_a_half_typed_number_of_a_draft_is_asked_for_again() -> None:
    draft = FORM.swap_sensitive({"contact": "138"}, lambda path, kind, value: {"$party": 9, "masked": "****"})
    posted = FORM.decode({"contact": "****", "contact.$party": "9", "people": ""})
    assert faults(FORM, posted, stored=draft) == {"contact": "草稿里填的不完整或不正确，请重新填写"}


def test_a_masked_text_without_its_reference_is_no_number_even_by_way_of_a_draft() -> None:
    kept = checked(FORM, {"contact": "138****1208"}, lenient=True).data
    draft = FORM.swap_sensitive(kept, lambda path, kind, value: {"$party": 9, "masked": value})
    assert list(faults(FORM, {"contact": "138****1208", "people": []}, stored=draft)) == ["contact"]


def test_a_page_shows_the_masked_text_and_carries_the_reference() -> None:
    node = FORM.view({"contact": KEPT}, {}, MOMENT)[0]
    assert (node.value, node.reference, node.shown.zh) == ("138****1208", "7", "138****1208")


def test_facts_mask_even_a_value_in_clear() -> None:
    ((_, facts), *_) = FORM.read({"contact": "13800001208"}, "zh")
    assert [shown for _, shown in facts] == ["138****1208"]


def test_a_changed_person_is_told_though_the_masked_text_is_the_same() -> None:
    (change,) = FORM.diff({"contact": KEPT}, {"contact": OTHER})
    assert change.sentence.zh == "contact换了内容，显示仍为 138****1208"
    assert FORM.diff({"contact": KEPT}, {"contact": dict(KEPT)}) == []
