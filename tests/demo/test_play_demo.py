"""The demo's year: cases in all stages, work for everybody, good books, no personal number in clear anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import func, select

from app.gateways import backup_archive, clock, files
from app.sandbox_bank.bank import Bank
from app.storage import closes, dump, party_store
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.loans import SETTLED, Loan
from app.storage.notifications import Notification
from app.storage.organisations import Organisation, memberships
from app.storage.outbox import OutboxRow
from app.storage.payments import OUT, Payment
from app.storage.people import Person
from app.storage.user_tasks import UserTask, inbox
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.verify_audit import verify_audit
from app.use_cases.applications.milestones import MILESTONES
from app.use_cases.closing.catch_up import is_behind
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.demo.demo_people import DemoPeople
from app.use_cases.parties import party_key
from app.use_cases.reporting.count_process_steps import count_process_steps
from app.use_cases.reporting.count_waiting import count_waiting
from app.use_cases.tasks.task_access import four_eyes_clash
from tests.databases import SECRETS
from tests.demo.conftest import Played

SENSITIVE = ("representative_name", "representative_phone", "representative_id_card", "account_number")
PLATFORM = "platform"
README = Path(__file__).parents[2] / "README.md"
AFTER_PAYOUT = {"disbursed", "in_arrears", "in_disposal", "settled"}


@pytest.fixture(autouse=True)
def opened(played: Played) -> Iterator[None]:
    with clock.fixed_at(played.at), played.app.app_context():
        yield


def secrets() -> list[bytes]:
    return [firm[name].encode() for firm in demo_data()["firms"].values() for name in SENSITIVE]


def found_in(content: bytes) -> list[bytes]:
    return [secret for secret in secrets() if secret in content]


def works(*, able: bool = False) -> dict[str, list[UserTask]]:
    """What stands in the inbox of everybody who works for a firm or a bank, over all their organisations.

    With `able` only what four eyes let them do.
    """
    found: dict[str, list[UserTask]] = {}
    with reading() as session:
        for person in session.scalars(select(Person)):
            for _, place, _ in memberships(session, person.id):
                actor = actor_of(session, person, place.id)
                assert actor is not None
                if place.kind != PLATFORM:
                    tasks = session.scalars(inbox(place.id, actor.roles, person.id)).all()
                    barred = [one for one in tasks if able and four_eyes_clash(session, one, actor)]
                    found.setdefault(person.login, []).extend(one for one in tasks if one not in barred)
    return found


def test_forty_firms_have_cases_in_every_stage(played: Played) -> None:
    with reading() as session:
        cases = session.scalars(select(LoanCase)).all()
    assert sorted(case.number for case in cases) == sorted(played.numbers)
    assert len({case.applicant_name for case in cases}) >= 40
    stages = {case.milestone for case in cases}
    assert stages >= {"draft", "submitted", "accepted", "initial_passed", "offer_issued", "contracts_made"}
    assert stages >= {"contracts_signed", *AFTER_PAYOUT}
    assert stages >= {"refused", "not_eligible", "lapsed", "declined", "withdrawn"}
    assert stages <= MILESTONES.keys()


# no bank of the year has given these anything to do: a guarantee, a lawyer's letter, a sale, a package of debts
NOT_ENTRUSTED_YET = ("bao.dan", "fa.heng", "chu.zhi", "shou.rang")


def test_everybody_of_a_firm_or_bank_has_work_and_some_of_it_is_overdue(played: Played) -> None:
    found = works()
    assert [login for login, tasks in found.items() if not tasks and login not in NOT_ENTRUSTED_YET] == []
    late = [login for login, tasks in found.items() if any(one.due_at and one.due_at < played.at for one in tasks)]
    assert 5 <= len(late) < len(found)


def test_whom_the_readme_names_for_work_may_do_some_of_it() -> None:
    found = works(able=True)
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `")]
    named = [login for row in rows for login in re.findall(r"`([a-z]+\.[a-z]+)`", row.split("|")[1]) if login in found]
    assert len(named) > 10
    assert [login for login in named if not found[login] and login not in NOT_ENTRUSTED_YET] == []


def test_messages_of_the_year_are_read_and_those_of_the_last_days_are_new(played: Played) -> None:
    waiting = [count_waiting(actor).unread for actor in DemoPeople().everybody()]
    assert max(waiting) in range(1, 20)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Notification)) > 100


def test_loans_are_on_time_late_at_each_rung_disposed_of_and_settled() -> None:
    with reading() as session:
        loans = session.scalars(select(Loan)).all()
        named = {case.id: case.milestone for case in session.scalars(select(LoanCase))}
    assert {loan.stage for loan in loans} >= {None, "S1", "S2", "S3", "S4"}
    assert sum(loan.state == SETTLED for loan in loans) >= 2
    assert sum(named[loan.case_id] == "in_disposal" for loan in loans) == 2
    assert sum(loan.dpd == 0 and loan.state != SETTLED for loan in loans) >= 6


def test_two_incidents_wait_for_the_administrator_and_nothing_else_is_on_its_way() -> None:
    with reading() as session:
        causes = {one.cause_en for one in session.scalars(select(Incident).where(Incident.resolved_at.is_(None)))}
        left = session.scalars(select(OutboxRow.state).where(OutboxRow.state.not_in(("done", "withdrawn")))).all()
    assert causes == {"Loan prime rate did not answer (time-out).", "The payment channel does not answer."}
    assert left == ["failed", "failed"]


def test_every_day_is_closed(played: Played) -> None:
    assert not is_behind()
    with reading() as session:
        assert closes.last_done(session) == clock.moment().business_on
        assert closes.count(session) > 300


def test_the_sandbox_bank_knows_every_payment_that_left(played: Played) -> None:
    bank = Bank(played.folder / "var" / "sandbox_bank.db", lambda body: True)
    with reading() as session:
        left = session.scalars(select(Payment).where(Payment.direction == OUT, Payment.state == "succeeded")).all()
    assert len(left) > 15
    assert {bank.status(payment.number).content["status"] for payment in left} == {"succeeded"}
    assert bank.work() == 0, "nothing is still to be settled or called back"


def test_every_instance_is_counted_at_one_named_step(played: Played) -> None:
    counts = count_process_steps()
    assert sum(number for _name, number in counts.cases) == len(played.numbers)
    names = [step.name for process in counts.processes for step in process.steps]
    assert all(name.zh and name.en and "未知" not in name.zh for name in names)


def test_steps_lie_on_the_days_on_which_people_took_them(played: Played) -> None:
    with reading() as session:
        days = {entry.at.date() for entry in session.scalars(select(HistoryEntry))}
    assert len(days) >= 60 and (max(days) - min(days)).days > 330


def test_no_personal_value_stands_in_the_database_file(played: Played) -> None:
    for path in played.folder.glob("loan.db*"):
        assert found_in(path.read_bytes()) == []


def test_no_personal_value_stands_in_any_column_or_packed_state(played: Played) -> None:
    packed = 0
    with reading() as session:
        for table in dump.tables():
            whole = []
            for row in session.execute(select(table)):
                for value in row:
                    if isinstance(value, bytes) and value.startswith(backup_archive.ZSTD_MAGIC):
                        value = zstandard.ZstdDecompressor().decompressobj().decompress(value)
                        packed += 1
                    whole.append(value if isinstance(value, bytes) else str(value).encode())
            assert found_in(b"\n".join(whole)) == [], table.name
    assert packed > 30, "running instances have a packed state"


def test_no_personal_value_stands_in_a_backup(played: Played, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", SECRETS["PARTY_KEY"])
    backup_archive.unpack(tmp_path / "all.tar.zst", tmp_path / "unpacked")
    read = [path.read_bytes() for path in (tmp_path / "unpacked").rglob("*") if path.is_file()]
    assert len(read) > 30 and [found for content in read for found in found_in(content)] == []


def test_no_personal_value_stands_in_the_logs_or_uploads(played: Played) -> None:
    assert found_in(played.said.encode()) == []
    assert [found for path in files.stored() for found in found_in(path.read_bytes())] == []


def test_a_personal_number_is_still_found_by_those_who_know_it(played: Played) -> None:
    phone = demo_data()["firms"]["qingxi"]["representative_phone"]
    with reading() as session:
        ids = party_store.cases_with(session, party_key.current(), phone)
        names = {session.get_one(LoanCase, id_).applicant_name for id_ in ids}
    assert names == {"清溪织造有限公司"}


def test_all_audit_chains_hold(played: Played) -> None:
    assert verify_audit() == []


def test_firms_have_names_in_both_languages_and_firms_of_their_own(played: Played) -> None:
    with reading() as session:
        firms = session.scalars(select(Organisation).where(Organisation.kind == "borrower")).all()
    assert len(firms) == 40
    assert all(re.fullmatch(r"[\x20-\x7e]+", firm.name_en) and firm.name_zh.endswith("有限公司") for firm in firms)
