"""What a form's pattern asks for, in a person's words: "DK, then 8 to 16 digits"."""

from __future__ import annotations

import re

from app.texts import Text

KINDS = {
    "0-9": Text("数字", "digits"),
    "A-Z": Text("大写字母", "capital letters"),
    "a-z": Text("小写字母", "small letters"),
    "A-Za-z": Text("字母", "letters"),
    "0-9A-Z": Text("大写字母或数字", "capital letters or digits"),
    "0-9a-z": Text("小写字母或数字", "small letters or digits"),
    "0-9A-Za-z": Text("字母或数字", "letters or digits"),
}
# a class with its count, or characters that stand for themselves; other signs have no plain words
_PART = re.compile(r"(?:\[([0-9A-Za-z-]+)\]|(\\d))(\{\d+(?:,\d*)?\}|[+?*])?|([^\\^$.|?*+()\[\]{}]+)(?![?*+{])")


def in_words(pattern: str) -> Text | None:
    """The entries that a pattern allows; None where it is more than classes with counts, fixed signs and one choice."""
    bare = pattern.removeprefix("^").removesuffix("$")
    if bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1:
        bare = bare[1:-1].removeprefix("?:")
    choices = [_sequence(choice) for choice in bare.split("|")]
    known = [choice for choice in choices if choice is not None]
    if len(known) < len(choices):
        return None
    return Text("，或者 ".join(one.zh for one in known), ", or ".join(one.of("en") for one in known))


def _sequence(choice: str) -> Text | None:
    found, at = [], 0
    while at < len(choice):
        part = _PART.match(choice, at)
        words = _part(*part.groups()) if part else None
        if part is None or words is None:
            return None
        found.append(words)
        at = part.end()
    if not found:
        return None
    return Text("，再加 ".join(one.zh for one in found), ", then ".join(one.of("en") for one in found))


def _part(ranges: str | None, digit: str | None, count: str | None, fixed: str | None) -> Text | None:
    if fixed is not None:
        return Text(fixed)
    kind = KINDS["0-9"] if digit else KINDS.get("".join(sorted(re.findall(r".-.", ranges or ""))))
    if kind is None or (ranges and len(ranges) != 3 * ranges.count("-")):
        return None
    how_many = _count(count)
    name = kind.of("en")
    if how_many.of("en") == "1":
        name = name.replace("letters", "letter").replace("digits", "digit")
    return Text(f"{how_many.zh}位{kind.zh}", f"{how_many.of('en')} {name}")


def _count(count: str | None) -> Text:
    signs = {"+": "{1,}", "*": "{0,}", "?": "{0,1}", None: "{1}"}
    least, comma, most = signs.get(count, count or "").strip("{}").partition(",")
    if not comma or least == most:
        return Text(f"{least} ", least)
    return Text(f"{least} 到 {most} ", f"{least} to {most}") if most else Text(f"至少 {least} ", f"{least} or more")
