"""Published rule files as pages read them: the compiled tables and the words of their codes, kept by content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.decisions import UNTOLD, DecisionModel, DecisionWords, Table, parse_dmn, words_of_values
from app.storage import definitions

CACHED = 128


@dataclass(frozen=True)
class KnownFile:
    """A rule file: its model and its words by decision."""

    model: DecisionModel
    words: Mapping[str, DecisionWords]

    def table(self, decision: str) -> Table | None:
        """The decision's table, None where it has none."""
        found = self.model.decisions.get(decision)
        return found.table if found else None

    def words_of(self, decision: str) -> DecisionWords:
        """What the codes of the decision's table are called."""
        return self.words.get(decision, UNTOLD)


# a file never changes, so it may be kept by its hash
_known: OrderedDict[str, KnownFile] = OrderedDict()


def known_files(session: Session, hashes: Iterable[str]) -> dict[str, KnownFile]:
    """The files by SHA-256; those that are not stored are left out."""
    wanted = set(hashes)
    missing = wanted - set(_known)
    for sha256, content in (definitions.contents(session, missing) if missing else {}).items():
        _known[sha256] = KnownFile(parse_dmn(content), words_of_values(content))
    found = {sha256: _known[sha256] for sha256 in wanted if sha256 in _known}
    while len(_known) > CACHED:
        _known.popitem(last=False)
    return found
