"""Checks files for a command: each by itself, with warnings for names that neither it nor anything in force knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.storage.database import reading
from app.use_cases.definitions.check_apart import check_each
from app.use_cases.definitions.in_force import known_names, load_in_force
from app.use_cases.definitions.unknown_names import warn_of_unknown
from app.use_cases.definitions.verdicts import CheckedFile


def check_files(files: Sequence[tuple[str, bytes]]) -> Iterator[CheckedFile]:
    """The verdict on each file (name, content), in their order, each as soon as it is known."""
    with reading() as session:
        in_force = load_in_force(session)
        for checked in check_each(files):
            found = () if checked.refused else (checked,)
            yield warn_of_unknown(checked, known_names(session, in_force, found))
