"""How often each rule of a table hit, then and now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.decisions import DecisionWords, Table, TableTrace, conditions_in_words
from app.texts import Text


@dataclass(frozen=True)
class RuleUse:
    """A rule by its number in the changed table, None where that has it no more; `words` is its note or condition."""

    number: int | None
    words: Text
    then: int
    now: int


class RuleUses:
    """Counts hits: a row then and a row now are the same where the files keep its id."""

    def __init__(self, table: Table | None, words: DecisionWords) -> None:
        rules = table.rules if table else ()
        self._rows = {rule.rule_id or f"#{rule.number}": rule.number for rule in rules}
        self._words = {
            rule.number: rule.note if rule.note.zh or rule.note.en else conditions_in_words(table, rule, words)
            for rule in rules
            if table
        }
        self._then: Counter[int] = Counter()
        self._now: Counter[int] = Counter()
        self._gone: dict[str, tuple[int, Text]] = {}
        self._gone_hits: Counter[str] = Counter()

    def count(self, then: TableTrace, now: TableTrace) -> None:
        """Adds the hits of one evaluation, as it was and as it is."""
        for hit in then.hits:
            key = hit.rule_id or f"#{hit.number}"
            if key in self._rows:
                self._then[self._rows[key]] += 1
            else:
                self._gone.setdefault(key, (hit.number, hit.note))
                self._gone_hits[key] += 1
        for hit in now.hits:
            self._now[hit.number] += 1

    def rules(self) -> tuple[RuleUse, ...]:
        """Every row of the changed table in its order, then those that only the tables of then had."""
        kept = [RuleUse(number, words, self._then[number], self._now[number]) for number, words in self._words.items()]
        gone = [
            RuleUse(None, _called(number, note), self._gone_hits[key], 0)
            for key, (number, note) in sorted(self._gone.items(), key=lambda one: one[1][0])
        ]
        return (*kept, *gone)


def _called(number: int, note: Text) -> Text:
    if note.zh or note.en:
        return note
    return Text(f"原第 {number} 行", f"row {number} of then")
