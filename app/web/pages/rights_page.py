"""The matrix of roles and rights, and the page of one role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.errors import NotFound
from app.texts import Text
from app.use_cases.administration.organisation_kinds import KINDS, kind_name
from app.use_cases.administration.show_rights import RoleRights
from app.use_cases.permissions import VERBS, fits

GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("办理业务", "Doing the work"),
        ("work_on_tasks", "apply", "apply_for_others", "sign_contracts", "prepare_payments", "confirm_payments"),
    ),
    (
        Text("查看", "Seeing"),
        ("view_cases", "view_all_cases", "view_ledger", "view_personal_numbers", "view_statistics", "view_audit"),
    ),
    (
        Text("管理平台", "Running the platform"),
        (
            *("administer_people", "reassign_tasks", "retry_incidents", "edit_definitions", "publish_definitions"),
            *("move_business_date", "simulate_credits"),
        ),
    ),
)
KIND_ORDER = {kind: place for place, kind in enumerate(KINDS)}
OTHERS = Text("其他", "Others")


@dataclass(frozen=True)
class RoleColumn:
    """A role of the matrix."""

    name: Text
    kind: Text
    url: str
    people: int
    people_url: str
    rights: int
    changed: bool
    own: bool


@dataclass(frozen=True)
class VerbRow:
    """A right; `cells` says for each role "yes", "no", or "never" where it does not fit the role."""

    name: Text
    cells: tuple[str, ...]


@dataclass(frozen=True)
class VerbGroup:
    name: Text
    rows: tuple[VerbRow, ...]


@dataclass(frozen=True)
class RightsPage:
    roles: tuple[RoleColumn, ...]
    groups: tuple[VerbGroup, ...]


@dataclass(frozen=True)
class RightLine:
    """A right of one role with what a click sends; `state` as in VerbRow."""

    verb: str
    name: Text
    state: str
    changed: bool


@dataclass(frozen=True)
class RolePage:
    role: RoleColumn
    groups: tuple[tuple[Text, tuple[RightLine, ...]], ...]


def rights_page(rights: Sequence[RoleRights]) -> RightsPage:
    """Every role against every right."""
    rights = sorted(rights, key=lambda role: KIND_ORDER.get(role.capacity, len(KIND_ORDER)))
    groups = tuple(
        VerbGroup(name, tuple(VerbRow(VERBS[verb], tuple(_state(role, verb) for role in rights)) for verb in verbs))
        for name, verbs in groups_of_verbs()
    )
    return RightsPage(tuple(_column(role) for role in rights), groups)


def role_page(rights: Sequence[RoleRights], key: str) -> RolePage:
    """One role; raises NotFound."""
    role = next((one for one in rights if one.key == key), None)
    if role is None:
        raise NotFound
    groups = tuple(
        (name, tuple(RightLine(verb, VERBS[verb], _state(role, verb), verb in role.changed) for verb in verbs))
        for name, verbs in groups_of_verbs()
    )
    return RolePage(_column(role), groups)


def groups_of_verbs() -> list[tuple[Text, tuple[str, ...]]]:
    """The groups, and whatever verb stands in none."""
    grouped = {verb for _name, verbs in GROUPS for verb in verbs}
    rest = tuple(verb for verb in VERBS if verb not in grouped)
    return [*GROUPS, *([(OTHERS, rest)] if rest else [])]


def _column(role: RoleRights) -> RoleColumn:
    return RoleColumn(
        role.name,
        kind_name(role.capacity),
        url_for("rights.show", role_key=role.key),
        role.people,
        url_for("people.index", role=role.key),
        len(role.verbs),
        bool(role.changed),
        role.own,
    )


def _state(role: RoleRights, verb: str) -> str:
    if verb in role.verbs:
        return "yes"
    return "no" if fits(verb, role.capacity) else "never"
