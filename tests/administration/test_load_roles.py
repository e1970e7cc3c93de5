"""Roles come from a data file, and what an administrator granted or took away stays."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select

from app.config import PROJECT_DIRECTORY
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Role, RoleGrant
from app.storage.people import Person
from app.use_cases.administration.create_admin import create_admin
from app.use_cases.administration.load_roles import ROLES_FILE, load_roles
from app.use_cases.permissions import fits


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


def shipped(tmp_path: Path, **changes: list[str]) -> Path:
    """The product's file with other verbs for some roles, as another version of the product brings it."""
    data = json.loads(ROLES_FILE.read_text("utf-8"))
    for entry in data["roles"]:
        entry["verbs"] = changes.get(entry["key"], entry["verbs"])
    file = tmp_path / "roles.json"
    file.write_text(json.dumps(data), "utf-8")
    return file


def test_a_right_that_a_new_version_brings_is_given_even_where_others_have_the_verb(
    installation: Flask, tmp_path: Path
) -> None:
    load_roles(shipped(tmp_path, appraiser=["work_on_tasks", "view_cases"]))
    assert ("appraiser", "view_cases") in grants()


def test_a_right_that_a_new_version_takes_away_goes(installation: Flask, tmp_path: Path) -> None:
    load_roles(shipped(tmp_path, administrator=["administer_people"]))
    assert {verb for role, verb in grants() if role == "administrator"} == {"administer_people"}


def test_a_right_that_an_administrator_gave_stays_whatever_the_product_ships(
    installation: Flask, tmp_path: Path
) -> None:
    create_admin("root", "seven grey herons")
    with unit_of_work() as session:
        giver = session.scalars(select(Person.id)).one()
        session.add(RoleGrant(role_key="appraiser", verb="view_cases", given_by=giver))
    load_roles(shipped(tmp_path, appraiser=["work_on_tasks", "view_cases"]))
    load_roles()
    assert ("appraiser", "view_cases") in grants()


def test_every_shipped_right_fits_its_roles_capacity() -> None:
    entries = json.loads(ROLES_FILE.read_text("utf-8"))["roles"]
    wrong = [(one["key"], verb) for one in entries for verb in one["verbs"] if not fits(verb, one["capacity"])]
    assert wrong == []


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
