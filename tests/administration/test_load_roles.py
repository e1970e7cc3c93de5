"""Roles come from a data file, and what an administrator granted or took away stays."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select

from app.config import PROJECT_DIRECTORY
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Role, RoleGrant
from app.use_cases.administration.load_roles import load_roles


def grants() -> set[tuple[str, str]]:
    with reading() as session:
        return {(row.role_key, row.verb) for row in session.scalars(select(RoleGrant))}


def test_loading_twice_changes_nothing(installation: Flask) -> None:
    before = grants()
    assert load_roles() == 0 and grants() == before


def test_a_right_that_was_taken_away_stays_away(installation: Flask) -> None:
    with unit_of_work() as session:
        session.execute(
            delete(RoleGrant).where(RoleGrant.role_key == "second_reviewer", RoleGrant.verb == "view_cases")
        )
    load_roles()
    assert ("second_reviewer", "view_cases") not in grants()


def test_a_verb_that_is_new_to_the_installation_is_granted(installation: Flask) -> None:
    with unit_of_work() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.verb == "view_statistics"))
    load_roles()
    assert ("operator", "view_statistics") in grants()


def test_every_group_that_a_shipped_diagram_names_is_a_role(installation: Flask) -> None:
    with reading() as session:
        roles = set(session.scalars(select(Role.key)))
    named = set()
    for diagram in Path(PROJECT_DIRECTORY / "processes").glob("*.bpmn"):
        for groups in re.findall(r'candidateGroups="([^"]+)"', diagram.read_text("utf-8")):
            if groups.startswith("="):
                named |= set(re.findall(r"\[&quot;([a-z_]+)&quot;\]", groups))
            else:
                named |= {group.strip() for group in groups.split(",")}
    assert named and named <= roles
