"""The daily close that stopped at loans which could not be closed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.storage import closes
from app.texts import Text
from app.use_cases.stuck.stuck_work import Stuck, Suggestion


def stopped_close(session: Session) -> list[Stuck]:
    """A row for each loan of the last close that failed and is not mended; later days wait for it."""
    last = next(iter(closes.newest(session)), None)
    if last is None or last.state == closes.DONE:
        return []
    again = Suggestion(Text("现在再做日终", "Close again now"), act="close", key=last.business_on.isoformat())
    return [
        Stuck(
            kind="close",
            since=row.failed_at,
            what=Text(f"{last.business_on} 日终，借据 {number}", f"close of {last.business_on}, loan {number}"),
            whose=Text(f"已试 {row.times} 次", f"tried {row.times} times"),
            why=Text(
                f"{row.cause_zh}其余借据当天已做完，以后各日等它。",
                f"{row.cause_en} The other loans of the day are done; later days wait for it.",
            ),
            acts=(again,),
        )
        for row, number in closes.failures(session, [last.id])
    ]
