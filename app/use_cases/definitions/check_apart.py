"""Checks files in a child process with a deadline, so that none can hurt or hold up the process that asks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

import orjson

from app.gateways.child_process import lines_of
from app.texts import Text
from app.use_cases.definitions.file_kinds import kind_of
from app.use_cases.definitions.foreign_files import not_a_definition
from app.use_cases.definitions.verdicts import ERROR, CheckedFile, Finding, checked_of

CHILD = "app.use_cases.definitions.checking_child"
# The child may use checking_child.CPU_SECONDS; these are for a machine that is too busy to give it those at once.
SECONDS_IN_ALL = 20.0
SECONDS_PER_FILE = 20.0
STOPPED = Text(
    "检查这个文件时超出了允许的时间或内存，已经停止。",
    "Checking this file took more time or memory than is allowed, so it was stopped.",
)
SPLIT = Text(
    "请把它拆成几个较小的文件，或检查是否有异常的嵌套。", "Split it into smaller files, or look for odd nesting."
)
NOT_REACHED = Text(
    "前面的文件用完了时间，这个文件没有检查。", "The files before it used up the time; it was not checked."
)
ALONE = Text("请单独上传它。", "Upload it by itself.")


def check_apart(files: Mapping[str, bytes]) -> list[CheckedFile]:
    """The verdicts on all files (name -> content), within SECONDS_IN_ALL."""
    until = time.monotonic() + SECONDS_IN_ALL
    done: dict[str, CheckedFile] = {}
    while rest := [name for name in files if name not in done]:
        if time.monotonic() >= until:
            done |= {name: _refused(name, NOT_REACHED, ALONE) for name in rest}
        else:
            done |= _until_one_fails({name: files[name] for name in rest}, until)
    return [done[name] for name in files]


def check_each(files: Sequence[tuple[str, bytes]]) -> Iterator[CheckedFile]:
    """The verdict on each file, one after the other, each within SECONDS_PER_FILE; for commands."""
    rest = list(files)
    while rest:
        found = _until_one_fails(dict(rest[:1]), time.monotonic() + SECONDS_PER_FILE)
        yield found[rest.pop(0)[0]]


def _until_one_fails(files: Mapping[str, bytes], until: float) -> dict[str, CheckedFile]:
    """The verdicts in the files' order; the last is that at which the child was stopped or died, if it was."""
    given, done = [], {}
    for name, content in files.items():
        foreign = not_a_definition(name, content)  # what is no definition never reaches the child
        if foreign is not None:
            done[name] = CheckedFile(name, kind_of(name), Text(name, name), problems=(foreign,))
        else:
            encoded = name.encode()
            given.append((name, len(encoded).to_bytes(4) + len(content).to_bytes(4) + encoded + content))
    if not given:
        return done
    with closing(lines_of(CHILD, b"".join(part for _, part in given), until)) as lines:
        for name, _ in given:
            line = next(lines, None)
            if line is None:
                done[name] = _refused(name, STOPPED, SPLIT)
                break
            done[name] = checked_of(orjson.loads(line))
    return done


def _refused(name: str, text: Text, mend: Text) -> CheckedFile:
    finding = Finding("", Text(name, name), None, ERROR, text, mend)
    return CheckedFile(name, kind_of(name), Text(name, name), problems=(finding,))
