"""How the sandbox bank treats an instruction: the last two digits of the amount (its fen) choose a misfortune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reply = Literal["accepted", "refused", "late", "error", "none"]
LATE_SECONDS = 30.0


@dataclass(frozen=True)
class Notice:
    """One call-back: so long after the result stands; with another status or an amount of one fen more, if said."""

    after_seconds: float = 0.0
    status: str | None = None
    repeats: Literal["", "same", "other_amount"] = ""


@dataclass(frozen=True)
class Behaviour:
    """`reply` to the instruction, whether the bank `takes` it at all, its result and the call-backs that follow.

    A `reply` of late comes after the caller has given up, of none never. `at_once` books and calls back before the
    reply leaves.
    """

    reply: Reply = "accepted"
    takes: bool = True
    result: Literal["succeeded", "failed"] = "succeeded"
    at_once: bool = False
    notices: tuple[Notice, ...] = (Notice(),)


SAME, OTHER = Notice(repeats="same"), Notice(repeats="other_amount")
BY_FEN = {
    1: Behaviour("refused", takes=False, notices=()),
    2: Behaviour("late"),
    3: Behaviour("error", takes=False, notices=()),
    4: Behaviour("error"),
    5: Behaviour(result="failed"),
    6: Behaviour(notices=(Notice(), SAME, SAME)),
    7: Behaviour(notices=(Notice(LATE_SECONDS),)),
    8: Behaviour(notices=()),
    9: Behaviour(at_once=True),
    10: Behaviour(notices=(Notice(), Notice(status="processing"))),
    11: Behaviour(notices=(Notice(), OTHER)),
    12: Behaviour("none"),
    13: Behaviour("none", takes=False, notices=()),
}


def behaviour_of(amount_fen: int) -> Behaviour:
    """What happens to an instruction of this amount."""
    return BY_FEN.get(amount_fen % 100, Behaviour())
