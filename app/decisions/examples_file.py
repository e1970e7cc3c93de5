"""Reading examples in the product's own JSON format, and what a model says to them before they are run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.decisions.examples import Example, ExampleFile, Expected, noon_of
from app.errors import DefinitionRefused, Problem
from app.feel import FeelError, to_feel
from app.moment import Moment
from app.texts import Text

MAX_BYTES = 4_000_000
MOST_EXAMPLES = 500
_FILE_KEYS = ("decision", "on", "examples")
_KEYS = ("name", "name_en", "decision", "on", "inputs", "expected")
_EXAMPLES = re.compile(r'"examples"\s*:\s*\[')


def read_examples(content: bytes) -> ExampleFile:
    """The examples of a file; DefinitionRefused with each fault and its line."""
    text = _text(content)
    whole = _json(text)
    if not isinstance(whole, dict):
        raise _refused(1, "文件应是一个 JSON 对象", "the file must be one JSON object")
    problems = [*_unknown_keys(whole, _FILE_KEYS, "examples", 1)]
    decision, on = whole.get("decision"), whole.get("on")
    if not isinstance(decision, str) or not decision:
        problems.append(_problem("decision", 1, "缺少 decision：规则表的编号", "decision, the table's id, is missing"))
        decision = ""
    given = whole.get("examples")
    if not isinstance(given, list):
        problems.append(_problem("examples", 1, "缺少 examples 列表", "the list examples is missing"))
        given = []
    if len(given) > MOST_EXAMPLES:
        problems.append(_problem("examples", 1, f"最多 {MOST_EXAMPLES} 个用例", f"at most {MOST_EXAMPLES} examples"))
    examples = []
    for number, (one, at) in enumerate(zip(given, _lines(text, len(given)), strict=True), 1):
        found = list(_faults(one, number, at, on))
        problems += found
        if not found:
            examples.append(_example(one, number, at, decision, on))
    problems += _repeated(examples)
    if problems:
        raise DefinitionRefused(problems)
    return ExampleFile(decision, tuple(examples))


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _refused(None, f"文件超过 {MAX_BYTES} 字节", f"the file is larger than {MAX_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        raise _refused(at, "文字编码不是 UTF-8", "its text is not encoded in UTF-8") from error


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        what = f"第 {error.lineno} 行第 {error.colno} 个字符", f"line {error.lineno}, character {error.colno}"
        raise _refused(
            error.lineno, f"不是有效的 JSON：{what[0]}有误", f"this is no valid JSON: wrong at {what[1]}"
        ) from error
    except _Twice as error:
        raise _refused(None, f"“{error}”在同一处写了两次", f'"{error}" is written twice in one place') from error
    except ValueError as error:
        raise _refused(None, "有读不出的数字", "a number cannot be read") from error
    except RecursionError as error:
        raise _refused(None, "内容嵌套过深", "its content nests too deep") from error


class _Twice(Exception):
    """A key that stands twice in one object, of which JSON would keep the last unseen."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key[:100])
        found[key] = value
    return found


def _constant(name: str) -> Any:
    raise ValueError(name)


def _lines(text: str, count: int) -> Iterator[int | None]:
    """The line on which each of the examples begins, None where the list is not found."""
    head = _EXAMPLES.search(text)
    position, decoder = head.end() if head else len(text), json.JSONDecoder()
    for _ in range(count):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        if position >= len(text):
            yield None
            continue
        yield text.count("\n", 0, position) + 1
        try:
            position = decoder.raw_decode(text, position)[1]
        except ValueError:  # the word stood in another place than the list
            position = len(text)


def _faults(one: Any, number: int, at: int | None, on: Any) -> Iterator[Problem]:
    """What is wrong with the form of one example."""
    if not isinstance(one, dict):
        yield _problem(f"{number}", at, f"第 {number} 个用例应是一个对象", f"example {number} must be an object")
        return
    where = str(one.get("name") or number)
    yield from _unknown_keys(one, _KEYS, where, at)
    for key, wanted, zh, en in (
        ("name", str, "文字", "a text"),
        ("inputs", dict, "一个对象", "an object"),
    ):
        if not isinstance(one.get(key), wanted) or (not one[key] and key == "name"):
            yield _problem(where, at, f"第 {number} 个用例的 {key} 应是{zh}", f"{key} of example {number} must be {en}")
    for key in ("name_en", "decision"):
        if not isinstance(one.get(key, ""), str):
            yield _problem(where, at, f"{key} 应是文字", f"{key} must be a text")
    if "expected" not in one:
        yield _problem(where, at, f"用例“{where}”没有 expected", f'the example "{where}" has no expected')
    try:
        _moment(one.get("on", on))
        to_feel({key: one.get(key) for key in ("inputs", "expected")})
    except (ValueError, TypeError):
        yield _problem(where, at, "on 应是日期，例如 2026-11-22", "on must be a date such as 2026-11-22")
    except FeelError as error:
        yield _problem(where, at, error.reason.zh, error.reason.of("en"))


def _example(one: dict[str, Any], number: int, at: int | None, decision: str, on: Any) -> Example:
    name = Text(one["name"], one.get("name_en", ""))
    expected = Expected(one.get("decision") or decision, one["expected"], parts_only=True)
    return Example(str(number), name, one["inputs"], (expected,), at, moment=_moment(one.get("on", on)))


def _moment(on: Any) -> Moment | None:
    return None if on is None else noon_of(on)


def _repeated(examples: list[Example]) -> Iterator[Problem]:
    seen: set[str] = set()
    for one in examples:
        if one.name.zh in seen:
            yield _problem(
                one.name.zh, one.line, f"有两个用例都叫“{one.name.zh}”", f'two examples are called "{one.name.zh}"'
            )
        seen.add(one.name.zh)


def _unknown_keys(given: dict[str, Any], known: tuple[str, ...], where: str, at: int | None) -> Iterator[Problem]:
    for key in given:
        if key not in known:
            shown = ", ".join(known)
            yield _problem(where, at, f"没有“{key}”这一项，可用：{shown}", f'"{key}" means nothing here; use {shown}')


def _problem(where: str, at: int | None, zh: str, en: str) -> Problem:
    return Problem(where, at, Text(zh, en))


def _refused(at: int | None, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused([_problem("examples", at, zh, en)])
