"""A small list of sanctions, politically exposed persons and money laundering, and how a name is found on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

LIST_VERSION = "2026-11-01"
SIMILAR_PERCENT = 85
# a name this short is found only where it is the same: of three characters two would fit half a town
SHORTEST_FUZZY = 4
LEGAL_FORMS = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|集团|(group|co|company|ltd|limited|llc|inc|gmbh|corporation|corp)$)"
)


@dataclass(frozen=True)
class Entry:
    """One entry: its number on the list, whom it names (all spellings), and why it is there."""

    number: str
    list: str
    names: tuple[str, ...]
    zh: str
    en: str


ENTRIES = (
    Entry(
        "SAN-0007",
        "sanctions",
        ("黑石湾国际贸易有限公司", "Blackrock Bay International Trading Co., Ltd."),
        "资产冻结名单（演示）",
        "asset freeze (demo)",
    ),
    Entry(
        "SAN-0012",
        "sanctions",
        ("北境能源运输有限公司", "Northern Marches Energy Shipping LLC"),
        "出口管制名单（演示）",
        "export control (demo)",
    ),
    Entry("SAN-0031", "sanctions", ("阮天魁", "Nguyen Thien Khoi"), "资产冻结名单（演示）", "asset freeze (demo)"),
    Entry(
        "PEP-0104",
        "pep",
        ("钟岳鸣", "Zhong Yueming"),
        "重要公职人员（演示）",
        "a prominent public function (demo)",
    ),
    Entry("PEP-0118", "pep", ("欧阳若海", "Ouyang Ruohai"), "重要公职人员的近亲属（演示）", "close relative (demo)"),
    Entry(
        "AML-0203",
        "aml",
        ("鑫汇通达商务咨询有限公司", "Xinhui Tongda Business Consulting"),
        "涉嫌地下钱庄（演示）",
        "suspected underground banking (demo)",
    ),
    Entry("AML-0219", "aml", ("裴三多", "Pei Sanduo"), "洗钱案件判决（演示）", "convicted of money laundering (demo)"),
)


def screening_lists(about: Mapping[str, Any], _on: date) -> dict[str, Any]:
    """{list_version, hits: [{name, list, entry, entry_name, similarity, reason, reason_en}]}, the nearest spelling."""
    hits = [hit for name in about["names"] for entry in ENTRIES if (hit := _hit(str(name), entry))]
    return {"list_version": LIST_VERSION, "hits": hits}


def _hit(name: str, entry: Entry) -> dict[str, Any] | None:
    percent, spelling = max((similarity(name, known), known) for known in entry.names)
    if percent < SIMILAR_PERCENT:
        return None
    return {
        "name": name,
        "list": entry.list,
        "entry": entry.number,
        "entry_name": spelling,
        "similarity": percent,
        "reason": entry.zh,
        "reason_en": entry.en,
    }


def similarity(one: str, other: str) -> int:
    """How alike two names are in percent: 100 where width, case, spaces, marks and word order are all that differs."""
    left, right = sorted((normal(one), normal(other)))
    if left == right:
        return 100 if left else 0
    if min(len(left), len(right)) < SHORTEST_FUZZY:
        return 0
    return min(round(SequenceMatcher(None, left, right, autojunk=False).ratio() * 100), 99)


def normal(name: str) -> str:
    """A name as it is compared: one width, no case, no accents, no marks, words in order, without its legal form."""
    wide = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(sign if sign.isalnum() else " " for sign in wide if not unicodedata.combining(sign))
    words = [word for word in (LEGAL_FORMS.sub("", part) for part in plain.split()) if word]
    return "".join(sorted(words)) if all(word.isascii() for word in words) else "".join(words)
