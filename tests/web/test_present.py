"""How values are written for people, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.texts import Text
from app.web import present

NOW = datetime(2026, 11, 21, 7, 32, tzinfo=UTC)  # 15:32 in China


@dataclass(frozen=True)
class Happened:
    at: datetime


@dataclass(frozen=True)
class Told:
    kind: str


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567.00"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-3"), "-3.00"),
        (None, "—"),
        ("", "—"),
        ("n/a", "—"),
    ],
)
def test_money_has_two_places_and_a_missing_amount_is_a_dash(value: object, shown: str) -> None:
    assert present.money(value) == shown


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (1500000, "150 万元", "CNY 1.5 m"),
        (120000000, "1.2 亿元", "CNY 120 m"),
        (800000, "80 万元", "CNY 800,000"),
        (Decimal("52297.05"), "52,297.05 元", "CNY 52,297.05"),
        (2800000, "280 万元", "CNY 2.8 m"),
    ],
)
def test_a_round_amount_is_short_and_no_other_is_rounded(value: object, zh: str, en: str) -> None:
    assert (present.yuan_short(value, "zh"), present.yuan_short(value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "shown"), [("4.65", "4.65%"), ("4.50", "4.5%"), ("10", "10%"), ("100.00", "100%"), (None, "—")]
)
def test_a_percentage_shows_no_empty_places(value: str | None, shown: str) -> None:
    assert present.percent(value) == shown


@pytest.mark.parametrize(("value", "shown"), [("6.1", "+6.1%"), ("-31.3", "−31.3%"), ("0", "0.0%"), (None, "—")])
def test_a_change_carries_its_sign(value: str | None, shown: str) -> None:
    assert present.change(value) == shown


@pytest.mark.parametrize(
    ("minutes", "zh", "en", "tone"),
    [
        (25, "剩 25分", "25 min left", "amber"),
        (70, "剩 1时10分", "1h 10m left", "amber"),
        (120, "剩 2时00分", "2h 0m left", "amber"),
        (121, "剩 2时01分", "2h 1m left", "green"),
        (2100, "剩 1天11时", "1d 11h left", "green"),
        (2880, "剩 2天", "2d left", "green"),
        (-310, "超 5时10分", "5h 10m late", "red"),
    ],
)
def test_time_left_says_how_long_and_how_urgent(minutes: int, zh: str, en: str, tone: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    shown = [present.time_left(due, NOW, language) for language in ("zh", "en")]
    assert [(one.words, one.tone, one.late) for one in shown] == [(zh, tone, minutes < 0), (en, tone, minutes < 0)]


def test_moments_are_shown_in_chinese_time() -> None:
    late_evening_utc = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
    assert (present.short(late_evening_utc), present.clock(late_evening_utc), present.day(late_evening_utc)) == (
        "11-21 07:05",
        "07:05",
        "2026-11-21",
    )


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        (1, "今天 16:32 到期", "due today 16:32"),
        (24, "明天 15:32 到期", "due tomorrow 15:32"),
        (72, "11-24 15:32 到期", "due 11-24 15:32"),
    ],
)
def test_a_due_time_names_today_and_tomorrow(hours: int, zh: str, en: str) -> None:
    due = NOW + timedelta(hours=hours)
    assert (present.due_words(due, NOW, "zh"), present.due_words(due, NOW, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "刚刚", "just now"),
        (3, "3 分钟前", "3 minutes ago"),
        (60, "1 小时前", "1 hour ago"),
        (2880, "2 天前", "2 days ago"),
    ],
)
def test_ago_counts_in_the_largest_unit(minutes: int, zh: str, en: str) -> None:
    at = NOW - timedelta(minutes=minutes)
    assert (present.ago(at, NOW, "zh"), present.ago(at, NOW, "en")) == (zh, en)


def test_a_date_in_words_takes_dates_and_iso_texts() -> None:
    assert [present.day_words(one, "zh") for one in (date(2026, 11, 21), "2026-11-21", None)] == [
        "11 月 21 日",
        "11 月 21 日",
        "—",
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("91330206MA2A9X7K7K", "9133******7K"), ("12345", "****5"), ("13900000186", "1390*****86"), ("", "—")],
)
def test_a_masked_number_keeps_its_ends_only(number: str, shown: str) -> None:
    assert present.masked(number) == shown


@pytest.mark.parametrize(("number", "shown"), [(640, "640 B"), (1536, "1.5 KB"), (2411724, "2.3 MB"), (None, "—")])
def test_a_size_is_written_in_its_unit(number: int | None, shown: str) -> None:
    assert present.size(number) == shown


def test_entries_are_gathered_under_their_day_in_china() -> None:
    before, after = (
        Happened(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)),
        Happened(datetime(2026, 11, 20, 16, 1, tzinfo=UTC)),
    )
    assert present.by_day([after, before], "zh") == [("11-21 周六", [after]), ("11-20 周五", [before])]


@pytest.mark.parametrize(
    ("value", "kind", "language", "shown"),
    [
        (Decimal("12.5"), "money", "zh", "12.50"),
        (True, "yesno", "zh", "是"),
        (False, "yesno", "en", "no"),
        ((Text("甲", "one"), "b"), "list", "en", "one; b"),
        ("2026-11-21", "date", "zh", "2026-11-21"),
        (Text("无", "none"), "money", "en", "none"),
        (None, "text", "zh", "—"),
        (0, "count", "zh", "0"),
    ],
)
def test_a_fact_is_shown_by_its_kind(value: object, kind: str, language: str, shown: str) -> None:
    assert present.shown(value, kind, language) == shown


def test_a_long_run_of_system_steps_is_one_line_and_a_short_one_stays() -> None:
    system, person = Told("system"), Told("person")
    assert present.folded([system, person, system, system, system]) == [
        (False, [system]),
        (False, [person]),
        (True, [system, system, system]),
    ]
