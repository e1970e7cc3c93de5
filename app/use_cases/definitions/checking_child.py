"""A process of its own that checks uploaded files: little memory, little time, no secrets, no database, no network."""

from __future__ import annotations

import resource
import struct
import sys
from contextlib import suppress

import orjson

from app.texts import Text
from app.use_cases.definitions.check_file import check_file
from app.use_cases.definitions.verdicts import ERROR, CheckedFile, Finding, checked_as_json

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 8
LENGTH = struct.Struct(">II")  # of the name and of the content that follow it


def limit() -> None:
    """Takes away what checking needs not; a system that does not know a limit goes without it."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def too_big(file: str) -> CheckedFile:
    """What is said of a file whose checking needs more memory, or nests deeper, than any real one."""
    text = Text("文件的内容超出了检查所允许的内存。", "Checking the file needs more memory than is allowed.")
    mend = Text("请把它拆成几个较小的文件。", "Split it into several smaller files.")
    return CheckedFile(file, "", Text(file, file), problems=(Finding("", Text(file, file), None, ERROR, text, mend),))


def main() -> None:
    """Reads files from the standard input until it ends and writes a line of JSON for each."""
    limit()
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        name_length, length = LENGTH.unpack(head)
        file, content = source.read(name_length).decode(), source.read(length)
        try:
            checked = check_file(file, content)
        except (MemoryError, RecursionError):
            checked = too_big(file)
        out.write(orjson.dumps(checked_as_json(checked)) + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
