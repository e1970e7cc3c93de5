"""What the sandbox bank does: takes an instruction once by its number, settles it, calls back, books repayments."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.moment import Moment
from app.sandbox_bank.behaviour import Behaviour, Notice, behaviour_of
from app.sandbox_bank.book import Book, next_serial, one

SETTLE_SECONDS = 1.0
MOST_ATTEMPTS = 40
LONGEST_REST_SECONDS = 60.0
CONTENT = ("payment_no", "amount", "currency", "payee_name", "payee_bank", "payee_account", "purpose")
OPEN, VOIDED = "processing", "closed before it came"


@dataclass(frozen=True)
class Said:
    """An answer: HTTP status and content; `reply` says how it travels (behaviour.Reply)."""

    status: int
    content: dict[str, Any]
    reply: str = "accepted"


class BadRequest(Exception):
    """What was sent is no instruction and no repayment; the text says why."""


class Bank:
    """The bank on its book; `deliver` sends a call-back's bytes and says whether it was received."""

    def __init__(
        self,
        path: Path,
        deliver: Callable[[bytes], bool],
        *,
        settle_seconds: float = SETTLE_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._book, self._deliver, self._settle_seconds, self._now = Book(path), deliver, settle_seconds, now

    def instruct(self, content: Mapping[str, Any]) -> Said:
        """Takes an instruction; the same number again is the same instruction, with other content a conflict."""
        texts = {name: str(content.get(name) or "") for name in CONTENT}
        fen, number = _fen(texts["amount"]), texts["payment_no"]
        if not number or not texts["payee_account"]:
            raise BadRequest("payment_no and payee_account are needed")
        digest, behaviour = _hash(texts), behaviour_of(fen)
        with self._book.open() as page:
            known = one(page, "SELECT * FROM instruction WHERE number = ?", number)
            if known is not None:
                page.execute("UPDATE instruction SET times = times + 1 WHERE number = ?", (number,))
                if known["content_hash"] and known["content_hash"] != digest:
                    return Said(409, {"status": "conflict"})
                if known["reason"] == VOIDED:
                    return Said(422, {"status": "failed", "reason": VOIDED})
                return Said(200, _shown(known))
            if not behaviour.takes:
                return _not_taken(behaviour)
            self._take(page, number, digest, fen, texts, behaviour)
            taken = one(page, "SELECT * FROM instruction WHERE number = ?", number) or {}
        if behaviour.at_once:
            self.work()
        return Said(500 if behaviour.reply == "error" else 202, _shown(taken), behaviour.reply)

    def _take(
        self, page: sqlite3.Connection, number: str, digest: str, fen: int, texts: dict[str, str], behaviour: Behaviour
    ) -> None:
        settle_at = self._now() + (0.0 if behaviour.at_once else self._settle_seconds)
        payee = f"{texts['payee_name']} *{texts['payee_account'][-4:]}"
        row = (number, digest, fen, payee, OPEN, "", next_serial(page, "SB"), settle_at, 1)
        page.execute("INSERT INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def status(self, number: str) -> Said:
        """How an instruction stands; 404 where there is none."""
        with self._book.open() as page:
            known = one(page, "SELECT * FROM instruction WHERE number = ?", number)
        return Said(404, {"status": "absent"}) if known is None else Said(200, _shown(known))

    def void(self, number: str) -> Said:
        """Closes a number that is not there, so that an instruction on its way is refused; else how it stands."""
        with self._book.open() as page:
            closed = (number, "", 0, "", "failed", VOIDED, "", None, 0)
            page.execute("INSERT OR IGNORE INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", closed)
            known = one(page, "SELECT * FROM instruction WHERE number = ?", number) or {}
        return Said(200, _shown(known))

    def credit(self, content: Mapping[str, Any]) -> Said:
        """A payer sends money: it is booked under a serial and called back; {"serial"}.

        `remark` names the case, `times` how often the call-back is sent, `value_on` an ISO date (today).
        """
        fen, now = _fen(str(content.get("amount") or "")), self._now()
        value_on = str(content.get("value_on") or _day(now))
        with self._book.open() as page:
            serial = next_serial(page, "CR")
            page.execute(
                "INSERT INTO entry VALUES (?, 'in', '', ?, ?, ?)",
                (serial, fen, value_on, str(content.get("remark") or "")),
            )
            body = {"serial": serial, "kind": "credit", "amount": _yuan(fen), "currency": "CNY", "reference": serial}
            body |= {key: str(content.get(key) or "") for key in ("payer_name", "payer_account", "remark")}
            for _ in range(max(1, min(int(content.get("times") or 1), 50))):
                _plan(page, body | {"value_on": value_on}, now)
        return Said(200, {"serial": serial})

    def statement(self, on: str) -> Said:
        """Every entry of a day (ISO date): {"entries": [{serial, direction, number, amount, remark}]}."""
        query = "SELECT * FROM entry WHERE booked_on = ? ORDER BY serial"
        with self._book.open() as page:
            rows = [dict(row) for row in page.execute(query, (on,))]
        return Said(200, {"entries": [row | {"amount": _yuan(row.pop("amount_fen"))} for row in rows]})

    def work(self) -> int:
        """Settles instructions that are due and sends call-backs that are; how many of both."""
        with self._book.open() as page:
            query = "SELECT * FROM instruction WHERE state = ? AND settle_at <= ?"
            due = [dict(row) for row in page.execute(query, (OPEN, self._now()))]
            for row in due:
                self._settle(page, row)
            query = "SELECT * FROM notice WHERE NOT delivered AND due_at <= ? ORDER BY due_at, id LIMIT 50"
            notices = [dict(row) for row in page.execute(query, (self._now(),))]
        for notice in notices:  # outside the transaction: the product may ask back meanwhile
            self._send(notice)
        return len(due) + len(notices)

    def _settle(self, page: sqlite3.Connection, row: dict[str, Any]) -> None:
        behaviour = behaviour_of(row["amount_fen"])
        serial = next_serial(page, "SX")
        reason = "the payee's account is closed" if behaviour.result == "failed" else ""
        page.execute(
            "UPDATE instruction SET state = ?, reason = ? WHERE number = ?", (behaviour.result, reason, row["number"])
        )
        if behaviour.result == "succeeded":
            entry = (serial, row["number"], row["amount_fen"], _day(self._now()))
            page.execute("INSERT INTO entry VALUES (?, 'out', ?, ?, ?, '')", entry)
        settled = row | {"state": behaviour.result, "reason": reason}
        for number, notice in enumerate(behaviour.notices):
            _plan(page, _notice(settled, serial, number, notice), self._now() + notice.after_seconds)

    def _send(self, notice: dict[str, Any]) -> None:
        received = self._deliver(notice["body"])
        attempts = notice["attempts"] + 1
        rest = min(2.0 ** min(attempts, 6), LONGEST_REST_SECONDS)
        done = received or attempts >= MOST_ATTEMPTS
        with self._book.open() as page:
            page.execute(
                "UPDATE notice SET attempts = ?, delivered = ?, due_at = ? WHERE id = ? AND NOT delivered",
                (attempts, done, self._now() + rest, notice["id"]),
            )


def _plan(page: sqlite3.Connection, body: dict[str, Any], due_at: float) -> None:
    page.execute("INSERT INTO notice (body, due_at) VALUES (?, ?)", (json.dumps(body).encode(), due_at))


def _notice(row: dict[str, Any], serial: str, number: int, notice: Notice) -> dict[str, Any]:
    own = serial if number == 0 or notice.repeats else f"{serial}-{number}"
    fen = row["amount_fen"] + (1 if notice.repeats == "other_amount" else 0)
    shown = _shown(row) | ({"status": notice.status} if notice.status else {})
    return {"serial": own, "kind": "payment_result", "currency": "CNY"} | shown | {"amount": _yuan(fen)}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"payment_no": row["number"], "status": row["state"], "reference": row["reference"]}
    amount = {"amount": _yuan(row["amount_fen"])} if row["amount_fen"] else {}
    return shown | amount | {"reason": row["reason"]}


def _not_taken(behaviour: Behaviour) -> Said:
    if behaviour.reply == "refused":
        return Said(422, {"status": "failed", "reason": "the account does not accept payments"}, "refused")
    return Said(500, {"status": "error"}, behaviour.reply)


def _hash(texts: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def _fen(text: str) -> int:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise BadRequest(f"amount is {text[:40]!r}") from error
    if not amount.is_finite() or not 0 < amount < 10**13 or amount * 100 != int(amount * 100):
        raise BadRequest(f"amount is {text[:40]!r}")
    return int(amount * 100)


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _day(seconds: float) -> str:
    return Moment.at(datetime.fromtimestamp(seconds, UTC)).business_on.isoformat()
