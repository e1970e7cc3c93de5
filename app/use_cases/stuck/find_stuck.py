"""Finds all work that is stuck, by cause."""

from __future__ import annotations

from app.gateways import clock
from app.storage.database import reading
from app.use_cases.permissions import Actor, require
from app.use_cases.stuck.idle_steps import idle_steps
from app.use_cases.stuck.late_timers import late_timers
from app.use_cases.stuck.lost_messages import lost_messages
from app.use_cases.stuck.nobody_can import nobody_can
from app.use_cases.stuck.open_incidents import open_incidents
from app.use_cases.stuck.silent_processes import silent_processes
from app.use_cases.stuck.stopped_close import stopped_close
from app.use_cases.stuck.stuck_work import KINDS, Stuck


def find_stuck() -> list[Stuck]:
    """Every row, by kind in the order of KINDS; for commands. At most MOST_OF_A_KIND of each."""
    moment, real_now = clock.moment(), clock.unmoved_now()
    with reading() as session:
        found = [
            *nobody_can(session),
            *late_timers(session, moment),
            *lost_messages(session, moment),
            *idle_steps(session, moment, real_now),
            *open_incidents(session),
            *stopped_close(session),
            *silent_processes(session, real_now),
        ]
    order = list(KINDS)
    return sorted(found, key=lambda one: order.index(one.kind))


def list_stuck(actor: Actor) -> list[Stuck]:
    """The same for a page; raises Forbidden."""
    require("retry_incidents", actor)
    return find_stuck()
