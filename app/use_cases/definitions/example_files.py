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
    stem = path.removesuffix(TABLE)
    return {stem + ending: files[stem + ending] for ending in BESIDE if stem + ending in files}


def read_example_file(path: str, content: bytes) -> ExampleFile:
    """The examples of a file, by its ending; DefinitionRefused with each fault and its line."""
    return read_examples(content) if path.lower().endswith(".json") else read_test_cases(content)
