"""Loads the roles that shipped diagrams name, with their capacity, names and first rights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.config import PROJECT_DIRECTORY
from app.storage.database import unit_of_work
from app.storage.organisations import Role, RoleGrant
from app.storage.shipped import ShippedGrant
from app.use_cases.permissions import VERBS

ROLES_FILE = PROJECT_DIRECTORY / "processes" / "roles.json"


def load_roles(file: Path = ROLES_FILE) -> int:
    """How many roles or rights were added or taken away; names and capacity follow the file.

    Rights are rows that an administrator may change, so only what the file itself changed since the last load is
    done: a right that is new in it is given, and one that it no longer has is taken away unless somebody gave it.
    """
    shipped: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["roles"]
    wanted = {(entry["key"], verb) for entry in shipped for verb in entry["verbs"]}
    unknown = {verb for _role, verb in wanted} - set(VERBS)
    assert not unknown, f"{file.name} grants {unknown}, which are no verbs"
    with unit_of_work() as session:
        known = {role.key: role for role in session.scalars(select(Role))}
        for entry in shipped:
            role = known.get(entry["key"]) or Role(key=entry["key"])
            role.capacity, role.name_zh, role.name_en = entry["capacity"], entry["name"]["zh"], entry["name"]["en"]
            session.add(role)
        session.flush()
        return len({entry["key"] for entry in shipped} - set(known)) + _follow(session, wanted)


def _follow(session: Session, wanted: set[tuple[str, str]]) -> int:
    before = {(row.role_key, row.verb) for row in session.scalars(select(ShippedGrant))}
    grants = {(row.role_key, row.verb): row for row in session.scalars(select(RoleGrant))}
    given = [key for key in wanted - before if key not in grants]
    taken = [grants[key] for key in before - wanted if key in grants and grants[key].given_by is None]
    session.add_all(RoleGrant(role_key=role, verb=verb) for role, verb in given)
    for grant in taken:
        session.delete(grant)
    session.add_all(ShippedGrant(role_key=role, verb=verb) for role, verb in wanted - before)
    for role, verb in before - wanted:
        session.execute(delete(ShippedGrant).where(ShippedGrant.role_key == role, ShippedGrant.verb == verb))
    return len(given) + len(taken)
