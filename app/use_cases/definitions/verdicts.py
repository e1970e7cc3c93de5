"""What checking one file says: its verdict, those of its processes, its problems, and the names that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.texts import Text

OK, REFUSED = "ok", "refused"
ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)  # the gravest first


@dataclass(frozen=True)
class Finding:
    """One problem: element id and name, line, `severity` (a note tells no fault), what is wrong and what mends it."""

    element: str
    name: Text
    line: int | None
    severity: str
    text: Text
    mend: Text | None = None


@dataclass(frozen=True)
class Asked:
    """A name that a file needs somebody else to have.

    `sort` is form, decision, operation, role, process, caught or thrown (messages).
    """

    sort: str
    key: str
    element: str
    name: Text
    line: int | None


@dataclass(frozen=True)
class CheckedProcess:
    id: str
    name: Text
    verdict: str


@dataclass(frozen=True)
class CheckedFile:
    """`kind` is processes, forms, rules or "" for what is none of these; `keys` what the file defines, in its order.

    `starts` are the messages that start its processes, `for_process` the process that a form belongs to.
    """

    file: str
    kind: str
    name: Text
    keys: tuple[str, ...] = ()
    processes: tuple[CheckedProcess, ...] = ()
    problems: tuple[Finding, ...] = ()
    asked: tuple[Asked, ...] = ()
    starts: tuple[str, ...] = ()
    for_process: str = ""

    @property
    def refused(self) -> bool:
        return any(one.severity == ERROR for one in self.problems)

    def with_warnings(self, found: tuple[Finding, ...]) -> CheckedFile:
        """The same with more problems."""
        return replace(self, problems=(*self.problems, *found))

    def as_json(self) -> dict[str, Any]:
        """What `flask process check` prints: file, verdict, processes and problems."""
        return {
            "file": self.file,
            "verdict": REFUSED if self.refused else OK,
            "processes": [{"id": one.id, "verdict": one.verdict} for one in self.processes],
            "problems": [finding_as_json(one) for one in self.problems],
        }


def finding_as_json(one: Finding) -> dict[str, Any]:
    """A problem as plain values."""
    return {
        "element": one.element,
        "name": _both(one.name),
        "line": one.line,
        "severity": one.severity,
        "text": _both(one.text),
        "mend": None if one.mend is None else _both(one.mend),
    }


def finding_of(given: Mapping[str, Any]) -> Finding:
    """The problem that `finding_as_json` wrote."""
    mend = given["mend"]
    return Finding(
        given["element"],
        Text(**given["name"]),
        given["line"],
        given["severity"],
        Text(**given["text"]),
        None if mend is None else Text(**mend),
    )


def checked_as_json(one: CheckedFile) -> dict[str, Any]:
    """All of a checked file as plain values, for the way from the child process."""
    return {
        "file": one.file,
        "kind": one.kind,
        "name": _both(one.name),
        "keys": list(one.keys),
        "processes": [{"id": each.id, "name": _both(each.name), "verdict": each.verdict} for each in one.processes],
        "problems": [finding_as_json(each) for each in one.problems],
        "asked": [
            {"sort": each.sort, "key": each.key, "element": each.element, "name": _both(each.name), "line": each.line}
            for each in one.asked
        ],
        "starts": list(one.starts),
        "for_process": one.for_process,
    }


def checked_of(given: Mapping[str, Any]) -> CheckedFile:
    """The checked file that `checked_as_json` wrote."""
    return CheckedFile(
        given["file"],
        given["kind"],
        Text(**given["name"]),
        tuple(given["keys"]),
        tuple(CheckedProcess(each["id"], Text(**each["name"]), each["verdict"]) for each in given["processes"]),
        tuple(finding_of(each) for each in given["problems"]),
        tuple(Asked(**{**each, "name": Text(**each["name"])}) for each in given["asked"]),
        tuple(given["starts"]),
        given["for_process"],
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
