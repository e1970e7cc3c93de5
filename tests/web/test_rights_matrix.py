"""The table of routes against the matrix of rights: who may use an address is who has the verb, and nobody else."""

from __future__ import annotations

from sqlalchemy import select

from app.storage.database import reading
from app.storage.organisations import Membership, RoleGrant
from app.storage.people import Person
from app.use_cases.permissions import VERBS
from tests.desk import Desk
from tests.web import routes
from tests.web.routes import ALLOWED, EVERYBODY, ROUTES

# what each kind of address asks for: any of the verbs, whosever the case is
ASKS: dict[str, set[str]] = {
    routes.FIRMS: {"apply"},
    routes.WORKERS: {"work_on_tasks"},
    routes.CASE_READERS: {"view_cases", "view_all_cases"},
    routes.LEDGER_READERS: {"view_ledger"},
    routes.OFFICERS: {"manage_holds"},
    routes.ADMINISTRATORS: {"administer_people", "reassign_tasks", "retry_incidents"},
    routes.AUDITORS: {"view_audit"},
    routes.DESIGNERS: {"edit_definitions"},
    routes.OPERATORS: {"move_business_date"},
    routes.STATISTICS_READERS: {"view_statistics"},
    routes.PROCESS_WATCHERS: {"edit_definitions", "view_all_cases"},
    routes.SIMULATORS: {"simulate_credits"},
    routes.LIMIT_READERS: {"view_limits"},
    routes.LIMIT_PROPOSERS: {"propose_limits"},
    routes.LIMITED: {"view_own_limits"},
    routes.LINK_KEEPERS: {"keep_party_links"},
    routes.PANEL_KEEPERS: {"keep_panel"},
}
# the same, and besides the case, task, contract or alarm must be one's organisation's own
NARROWED: dict[str, set[str]] = {
    routes.FIRM_OF_THE_CASE: {"apply"},
    routes.OF_THE_TASK: {"work_on_tasks"},
    routes.PARTIES: {"view_cases", "view_all_cases"},
    routes.RECORD_READERS: {"view_records"},
    routes.ALARM_SETTLERS: {"prepare_payments"},
    routes.OFFICERS_OF_THE_FUNDER: {"manage_holds"},
    routes.LEDGER_READERS_OF_THE_FUNDER: {"view_ledger"},
    routes.SIGNATORIES: {"sign_contracts"},
    routes.LIMIT_READERS_OF_THE_FUNDER: {"view_limits"},
    routes.LIMIT_PROPOSERS_OF_THE_FUNDER: {"propose_limits"},
    routes.LIMIT_APPROVERS_OF_THE_FUNDER: {"approve_limits"},
    routes.LINK_KEEPERS_OF_THE_FUNDER: {"keep_party_links"},
    routes.PANEL_KEEPERS_OF_THE_FUNDER: {"keep_panel"},
}
# parties by their documents and contracts; nobody or everybody
UNGRANTED = {routes.ANYBODY, routes.LOGGED_IN, routes.OF_THE_DOCUMENT, routes.CONTRACT_PARTIES}
UNUSED_BY_ADDRESSES = {
    "apply_for_others",
    "view_personal_numbers",
    "confirm_payments",
    "approve_payments",
    "publish_definitions",
}


def holders(desk: Desk) -> dict[str, set[str]]:
    """Verb -> the demo's people whose roles are granted it."""
    query = (
        select(RoleGrant.verb, Person.login)
        .join(Membership, Membership.role_key == RoleGrant.role_key)
        .join(Person, Person.id == Membership.person_id)
    )
    found: dict[str, set[str]] = {verb: set() for verb in VERBS}
    with desk.app.app_context(), reading() as session:
        for verb, login in session.execute(query):
            found[verb].add(login)
    return found


def test_every_address_is_open_to_those_whose_roles_have_its_verb_and_to_nobody_else(desk: Desk) -> None:
    may = holders(desk)
    wrong = {
        who: sorted(ALLOWED[who] ^ (set[str]().union(*(may[verb] for verb in verbs)) & EVERYBODY))
        for who, verbs in ASKS.items()
    }
    assert {who: people for who, people in wrong.items() if people} == {}


def test_an_address_of_ones_own_organisation_is_open_to_some_of_those_with_the_verb_only(desk: Desk) -> None:
    may = holders(desk)
    for who, verbs in NARROWED.items():
        granted = set[str]().union(*(may[verb] for verb in verbs))
        assert ALLOWED[who] and granted >= ALLOWED[who], who
        assert ALLOWED[who] < granted or not granted & routes.QIANTANG, who


def test_no_kind_of_address_and_no_verb_is_left_out() -> None:
    kinds = {route.who for route in ROUTES.values()}
    assert kinds <= ASKS.keys() | NARROWED.keys() | UNGRANTED
    asked = set[str]().union(*ASKS.values(), *NARROWED.values())
    assert asked | UNUSED_BY_ADDRESSES == set(VERBS)
