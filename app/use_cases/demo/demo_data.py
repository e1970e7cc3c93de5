"""The demo's data files, as they are read: organisations, people, firms, what people answer, and the stories."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from app.plain import loads
from app.texts import Text

FOLDER = Path(__file__).with_name("data")
FIRM = "borrower"


@cache
def demo_data() -> dict[str, Any]:
    """All files as one: organisations (the firms behind the others), people, firms, statements, answers, stories.

    Whoever reads it must not change it.
    """
    data: dict[str, Any] = _read("organisations.json") | _read("people.json") | {"answers": _read("answers.json")}
    data["firms"], data["statements"] = _read("firms.json"), _read("statements.json")
    data["organisations"] = [*data["organisations"], *(_organisation(*item) for item in data["firms"].items())]
    return data


@cache
def demo_stories() -> dict[str, Any]:
    """{"cases": one entry for each case that is played, "credits": money that nobody can place}."""
    files = [loads(path.read_bytes()) for path in sorted((FOLDER / "stories").glob("*.json"))]
    return {
        "cases": [story for file in files for story in file.get("cases", [])],
        "credits": [credit for file in files for credit in file.get("credits", [])],
    }


def text(value: dict[str, str]) -> Text:
    """A text of the file: {"zh": ..., "en": ...}."""
    return Text(value["zh"], value["en"])


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = loads((FOLDER / name).read_bytes())
    return found


def _organisation(key: str, firm: dict[str, str]) -> dict[str, Any]:
    name = {"zh": firm["company_name"], "en": firm["name_en"]}
    return {"key": key, "kind": FIRM, "name": name, "unified_social_credit_code": firm["unified_social_credit_code"]}
