"""Which files hold examples of a decision table: they stand beside it, as rules/<table>.tests.json or .tests.xml."""

from __future__ import annotations

from collections.abc import Mapping

from app.decisions import ExampleFile, read_examples, read_test_cases

BESIDE = (".tests.json", ".tests.xml")
TABLE = ".dmn"


def is_example_file(path: str) -> bool:
    """Whether a path names examples and no diagram, form or table."""
    return path.lower().endswith(BESIDE)


def table_of(path: str) -> str:
    """The path of the table beside which a file of examples stands."""
    return next((path[: -len(ending)] + TABLE for ending in BESIDE if path.lower().endswith(ending)), path)


def examples_of(path: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files among `files` (path -> bytes) that hold examples of the table with this path."""
    return {one: files[one] for one in examples_paths(path) if one in files}


def examples_paths(path: str) -> tuple[str, ...]:
    """Where examples of the table with this path may stand; nowhere for other files."""
    return tuple(path.removesuffix(TABLE) + ending for ending in BESIDE) if path.endswith(TABLE) else ()


def key_of(file: ExampleFile) -> str:
    """The table that a file of examples is about, by its key; the kit's files name the table's file."""
    return file.model.removesuffix(TABLE)


def read_example_file(path: str, content: bytes) -> ExampleFile:
    """The examples of a file, by its ending; DefinitionRefused with each fault and its line."""
    return read_examples(content) if path.lower().endswith(".json") else read_test_cases(content)
