"""What would have been different: the stored evaluations of a decision, evaluated anew with another version of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.decisions import (
    UNTOLD,
    Asked,
    DecisionWords,
    Past,
    Replay,
    TableTrace,
    answer_in_words,
    in_words,
    parse_dmn,
    same,
    words_of_values,
)
from app.errors import Refused
from app.feel import FeelError
from app.moment import Moment
from app.plain import Plain
from app.storage import decision_traces, definitions
from app.storage.database import reading
from app.storage.decision_traces import PastRow
from app.texts import Text
from app.use_cases.definitions.rule_use import RuleUse, RuleUses

MOST_LISTED = 10_000
NOTHING_ASKED = Asked(frozenset(), frozenset(), frozenset(), {})


@dataclass(frozen=True)
class ReplayedCase:
    """One evaluation with another outcome: what came out and which rows hit, then and now.

    `version` is that of the table then, None where it is not known; `inputs` what the table read now.
    """

    case_id: int | None
    case_number: str | None
    round: str | None
    at: datetime
    before: Text
    after: Text
    before_value: Plain
    after_value: Plain
    rules_then: tuple[int, ...]
    rules_now: tuple[int, ...]
    version: int | None
    inputs: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class Replayed:
    """What a replay found in the evaluations of a decision from `since` to `until`.

    Of `stored` evaluations `seen` were looked at (fewer where the newest or a time were all that was allowed). Each of
    them is `unchanged` (`by_other_rules` of them for other rows), `changed`, told in `not_replayable` with the reason,
    or in `not_reproduced`: there not even the table of that day gives what was stored. `unverified` could not be tried
    with the table of that day. `cases` lists the changed ones, at most `MOST_LISTED`.
    """

    decision: str
    name: Text
    since: date
    until: date
    stored: int
    seen: int
    unchanged: int
    by_other_rules: int
    changed: int
    unverified: int
    not_replayable: tuple[tuple[Text, int], ...]
    not_reproduced: tuple[ReplayedCase, ...]
    not_reproduced_count: int
    groups: tuple[tuple[Text, Text, int], ...]
    cases: tuple[ReplayedCase, ...]
    rules: tuple[RuleUse, ...]

    @property
    def replayed(self) -> int:
        """How many evaluations could be compared."""
        return self.unchanged + self.changed


@dataclass
class _Then:
    """A table that was in force, ready to be tried again; without `replay` it is not known any more."""

    replay: Replay | None
    words: DecisionWords
    versions: list[definitions.DefinitionVersion]

    @property
    def asked(self) -> Asked:
        return self.replay.asked if self.replay else NOTHING_ASKED


@dataclass
class _Tally:
    seen: int = 0
    unchanged: int = 0
    by_other_rules: int = 0
    changed: int = 0
    unverified: int = 0
    not_reproduced: int = 0
    reasons: Counter[Text] = field(default_factory=Counter)
    groups: Counter[tuple[Text, Text]] = field(default_factory=Counter)
    cases: list[ReplayedCase] = field(default_factory=list)
    odd: list[ReplayedCase] = field(default_factory=list)


def replay_decision(
    session: Session,
    dmn: bytes,
    decision: str,
    since: date,
    until: date,
    *,
    newest: int | None = None,
    seconds: float | None = None,
    most_listed: int = MOST_LISTED,
) -> Replayed:
    """Evaluates what is stored with the decision as the file has it, a few rows at a time; nothing is written.

    `newest` and `seconds` bound the work. Refused where the file has no such decision, DefinitionRefused where it is
    no file that could be published.
    """
    if since > until:
        raise Refused("开始日期晚于结束日期。", "The first day is after the last.")
    again = _Again(session, dmn, decision, most_listed)
    ends = None if seconds is None else time.monotonic() + seconds
    for row in decision_traces.past(session, decision, since, until, newest):
        again.try_row(row)
        if ends is not None and time.monotonic() > ends:
            break
    tally = again.tally
    return Replayed(
        decision,
        again.replay.model.decisions[decision].name,
        since,
        until,
        decision_traces.count_past(session, decision, since, until),
        tally.seen,
        tally.unchanged,
        tally.by_other_rules,
        tally.changed,
        tally.unverified,
        tuple(tally.reasons.most_common()),
        tuple(tally.odd),
        tally.not_reproduced,
        tuple((before, after, number) for (before, after), number in tally.groups.most_common()),
        tuple(tally.cases),
        again.uses.rules(),
    )


def replay_file(dmn: bytes, decision: str, since: date, until: date) -> Replayed:
    """`replay_decision` over everything that is stored, for an operator at a terminal."""
    with reading() as session:
        return replay_decision(session, dmn, decision, since, until)


class _Again:
    """The decision of the file and what it found so far."""

    def __init__(self, session: Session, dmn: bytes, decision: str, most_listed: int) -> None:
        model = parse_dmn(dmn)
        if decision not in model.decisions:
            had_zh, had_en = "、".join(model.decisions), ", ".join(model.decisions)
            raise Refused(
                f"文件里没有决策“{decision}”，它有：{had_zh}。",
                f'The file has no decision "{decision}"; it has: {had_en}.',
            )
        self.session, self.decision, self.most_listed = session, decision, most_listed
        self.replay, self.words = Replay(model, decision), words_of_values(dmn).get(decision, UNTOLD)
        self.uses = RuleUses(model.decisions[decision].table, self.words)
        self.tally = _Tally()
        self._then: dict[str, _Then] = {}

    def try_row(self, row: PastRow) -> None:
        """Evaluates one stored evaluation anew and counts what came of it."""
        tally, then = self.tally, self._table(row.content_hash)
        tally.seen += 1
        past = Past(TableTrace.from_plain(row.trace), row.variables, Moment(row.at, row.business_on))
        missing = self.replay.missing(past, then.asked)
        if missing:
            tally.reasons[_not_stored(missing)] += 1
            return
        again = self._reproduced(past, then)
        if again is not None and not same(again.outputs, past.trace.outputs):
            tally.not_reproduced += 1
            self._keep(tally.odd, lambda: self._case(row, past, then, again, then.words))
            return
        try:
            now = self.replay.evaluate(past)
        except FeelError as fault:
            tally.reasons[Text(f"计算超出限制：{fault.text.zh}", f"a limit was reached: {fault.text.of('en')}")] += 1
            return
        self.uses.count(past.trace, now)
        if same(now.outputs, past.trace.outputs) and now.conflict == past.trace.conflict:
            tally.unchanged += 1
            tally.by_other_rules += [hit.rule_id for hit in now.hits] != [hit.rule_id for hit in past.trace.hits]
            return
        tally.changed += 1
        tally.groups[answer_in_words(past.trace, then.words), answer_in_words(now, self.words)] += 1
        self._keep(tally.cases, lambda: self._case(row, past, then, now, self.words))

    def _keep(self, cases: list[ReplayedCase], made: Callable[[], ReplayedCase]) -> None:
        if len(cases) < self.most_listed:
            cases.append(made())

    def _reproduced(self, past: Past, then: _Then) -> TableTrace | None:
        """What the table of that day gives now; None, counted, where that cannot be tried."""
        if then.replay is not None and not then.replay.missing(past, then.asked):
            try:
                return then.replay.evaluate(past)
            except FeelError:
                pass  # counted below: the limits of that day may have been wider
        self.tally.unverified += 1
        return None

    def _table(self, sha256: str) -> _Then:
        if sha256 not in self._then:
            self._then[sha256] = self._load(sha256)
        return self._then[sha256]

    def _load(self, sha256: str) -> _Then:
        content = definitions.contents(self.session, [sha256]).get(sha256)
        model = parse_dmn(content) if content is not None else None
        versions = definitions.versions_with(self.session, [sha256]).get(sha256, [])
        if content is None or model is None or self.decision not in model.decisions:
            return _Then(None, UNTOLD, versions)
        return _Then(Replay(model, self.decision), words_of_values(content).get(self.decision, UNTOLD), versions)

    def _case(self, row: PastRow, past: Past, then: _Then, now: TableTrace, words: DecisionWords) -> ReplayedCase:
        version = definitions.version_at(then.versions, row.at)
        return ReplayedCase(
            row.case_id,
            row.case_number,
            row.round.partition(".")[0] if row.round else None,
            row.at,
            answer_in_words(past.trace, then.words),
            answer_in_words(now, words),
            past.trace.outputs,
            now.outputs,
            tuple(hit.number for hit in past.trace.hits),
            tuple(hit.number for hit in now.hits),
            version.number if version else None,
            in_words(now, words).inputs,
        )


def _not_stored(missing: tuple[Text, ...]) -> Text:
    zh, en = "、".join(one.zh for one in missing), ", ".join(one.of("en") for one in missing)
    return Text(f"当时没有保存：{zh}", f"not stored then: {en}")
