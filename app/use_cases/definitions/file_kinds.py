"""The kinds of definition files, by the ending of a file's name, and under which name a page shows each."""

from __future__ import annotations

from app.use_cases.definitions.example_files import BESIDE, TABLE

EXAMPLES = "examples"
ENDINGS = {"processes": (".bpmn",), "forms": (".form",), "rules": (TABLE,), EXAMPLES: BESIDE}
FOLDERS = {"processes": "processes", "forms": "forms", "rules": "rules", EXAMPLES: "rules"}


def kind_of(file: str) -> str:
    """processes, forms, rules or examples by the file's ending; "" for another."""
    return next((kind for kind, endings in ENDINGS.items() if file.lower().endswith(endings)), "")


def ending_of(file: str) -> str:
    """The ending by which the file's kind is known, as ".tests.json"; "" for another."""
    return next((one for endings in ENDINGS.values() for one in endings if file.lower().endswith(one)), "")


def address_of(path: str) -> tuple[str, str]:
    """The kind and the name by which pages know a path: "rules/x.tests.json" is examples and x.json."""
    kind, ending, file = kind_of(path), ending_of(path), path.rpartition("/")[2]
    name = file[: len(file) - len(ending)]
    return kind, name + (ending.rpartition(".tests")[2] if kind == EXAMPLES else "")


def path_at(kind: str, name: str) -> str | None:
    """The path that `address_of` knows by this kind and name; None where it can be none."""
    if kind != EXAMPLES:
        return f"{FOLDERS[kind]}/{name}{ENDINGS[kind][0]}" if kind in FOLDERS else None
    stem, dot, ending = name.rpartition(".")
    path = f"{FOLDERS[kind]}/{stem}.tests{dot}{ending}"
    return path if stem and path.endswith(BESIDE) else None
