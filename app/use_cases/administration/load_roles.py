"""Loads the roles that shipped diagrams name, with their capacity, names and first rights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.config import PROJECT_DIRECTORY
from app.storage.database import unit_of_work
from app.storage.organisations import Role, RoleGrant
from app.use_cases.permissions import VERBS

ROLES_FILE = PROJECT_DIRECTORY / "processes" / "roles.json"


def load_roles(file: Path = ROLES_FILE) -> int:
    """How many roles or rights were added; names and capacity follow the file.

    Rights are rows that an administrator may change: the file's are given to a role that is new, and to known roles
    only for a verb that this installation has never granted to anybody (a verb that came with an upgrade).
    """
    shipped: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["roles"]
    with unit_of_work() as session:
        known = {role.key: role for role in session.scalars(select(Role))}
        grants = {(grant.role_key, grant.verb) for grant in session.scalars(select(RoleGrant))}
        granted_verbs = {verb for _role, verb in grants}
        added = 0
        for entry in shipped:
            role = known.get(entry["key"])
            if role is None:
                session.add(_role(entry))
                session.flush()
                added += 1
            else:
                role.capacity, role.name_zh, role.name_en = entry["capacity"], entry["name"]["zh"], entry["name"]["en"]
            for verb in entry["verbs"]:
                assert verb in VERBS, f"{file.name} grants {verb}, which is no verb"
                if (entry["key"], verb) not in grants and (role is None or verb not in granted_verbs):
                    session.add(RoleGrant(role_key=entry["key"], verb=verb))
                    added += 1
    return added


def _role(entry: dict[str, Any]) -> Role:
    return Role(key=entry["key"], capacity=entry["capacity"], name_zh=entry["name"]["zh"], name_en=entry["name"]["en"])
