"""What a check of an invariant found: how many rows it looked at, and in words what is wrong with which of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.texts import Text


@dataclass(frozen=True)
class Violation:
    """`where` is the number of the row that is wrong, as people quote it."""

    where: str
    text: Text


@dataclass
class Findings:
    """Grows while one invariant is checked."""

    rows: int = 0
    violations: list[Violation] = field(default_factory=list)

    def fault(self, where: str, zh: str, en: str) -> None:
        """Notes what is wrong with a row."""
        self.violations.append(Violation(where, Text(zh, en)))

    def differ(self, where: str, zh: str, en: str, *, found: object, wanted: object) -> None:
        """Notes a fault where what stands is not what was worked out."""
        if found != wanted:
            self.fault(where, f"{zh}：记为 {found}，应为 {wanted}。", f"{en}: stands as {found}, should be {wanted}.")
