"""How a name is found on the sandbox's lists."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.config import PROJECT_DIRECTORY
from app.sandbox_sources.lists import ENTRIES, SIMILAR_PERCENT, screening_lists, similarity


def hits(*names: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = screening_lists({"names": names}, date(2026, 11, 22))["hits"]
    return found


@pytest.mark.parametrize(
    "written",
    ["钟岳鸣", "钟 岳鸣", " 钟岳鸣　", "ZHONG YUEMING", "Yueming Zhong", "Ｚｈｏｎｇ　Ｙｕｅｍｉｎｇ", "zhong-yueming"],
)
def test_width_case_spaces_and_order_do_not_hide_a_name(written: str) -> None:
    assert [(hit["entry"], hit["similarity"]) for hit in hits(written)] == [("PEP-0104", 100)]


@pytest.mark.parametrize(
    "written",
    [
        "黑石湾国际贸易公司",
        "黑石湾国际贸易有限责任公司",
        "黑石湾國际贸易有限公司",
        "Blackrok Bay International Trading Ltd",
    ],
)
def test_a_firm_whose_name_differs_a_little_is_similar(written: str) -> None:
    (hit,) = hits(written)
    assert hit["entry"] == "SAN-0007" and SIMILAR_PERCENT <= hit["similarity"] <= 100


@pytest.mark.parametrize("written", ["钟岳明", "裴三", "国际贸易有限公司", "清溪织造有限公司", "", "有限公司"])
def test_a_short_name_that_differs_and_a_common_part_are_no_hit(written: str) -> None:
    assert hits(written) == []


def test_likeness_does_not_depend_on_who_is_compared_with_whom() -> None:
    assert similarity("鑫汇通达咨询", "鑫汇通达商务咨询有限公司") == similarity(
        "鑫汇通达商务咨询有限公司", "鑫汇通达咨询"
    )


def test_the_demos_firms_and_people_are_on_no_list() -> None:
    firms = json.loads((PROJECT_DIRECTORY / "app/use_cases/demo/data/firms.json").read_text("utf-8"))
    names = [firm[key] for firm in firms.values() for key in ("company_name", "representative_name")]
    assert hits(*names) == [] and len(ENTRIES) > 5
