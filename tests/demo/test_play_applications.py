"""The demo's applications: in many stages, in good health, and without a personal number in clear anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import select

from app.gateways import backup_archive, files
from app.storage import dump, party_store
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.verify_audit import verify_audit
from app.use_cases.applications.milestones import MILESTONES
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.parties import party_key
from app.use_cases.reporting.count_process_steps import count_process_steps
from tests.databases import SECRETS
from tests.demo.conftest import Played

SENSITIVE = ("representative_name", "representative_phone", "representative_id_card", "account_number")


@pytest.fixture(autouse=True)
def opened(played: Played) -> Iterator[None]:
    with played.app.app_context():
        yield


def secrets() -> list[str]:
    return [firm[name] for firm in demo_data()["firms"].values() for name in SENSITIVE]


def found_in(content: bytes) -> list[str]:
    return [secret for secret in secrets() if secret.encode() in content]


def test_cases_stand_in_many_stages_and_nothing_is_stuck(played: Played) -> None:
    with reading() as session:
        cases = session.scalars(select(LoanCase)).all()
        assert session.scalars(select(Incident)).all() == []
    assert sorted(case.number for case in cases) == sorted(played.numbers)
    assert {case.milestone for case in cases} >= {
        "draft",
        "submitted",
        "accepted",
        "initial_passed",
        "offer_issued",
        "contracts_made",
        "refused",
        "not_eligible",
    }
    assert {case.milestone for case in cases} <= MILESTONES.keys()


def test_every_instance_is_counted_at_one_named_step(played: Played) -> None:
    counts = count_process_steps()
    assert sum(number for _name, number in counts.cases) == len(played.numbers)
    first = counts.processes[0]
    assert first.running + first.ended == len(played.numbers)
    names = [step.name for process in counts.processes for step in process.steps]
    assert all(name.zh and name.en and "未知" not in name.zh for name in names)


def test_steps_lie_on_the_days_on_which_people_took_them(played: Played) -> None:
    with reading() as session:
        days = {entry.at.date() for entry in session.scalars(select(HistoryEntry))}
    assert len(days) >= 4


def test_no_personal_value_stands_in_the_database_file(played: Played) -> None:
    for path in played.folder.glob("loan.db*"):
        assert found_in(path.read_bytes()) == []


def test_no_personal_value_stands_in_any_column_or_packed_state(played: Played) -> None:
    packed = 0
    with reading() as session:
        for table in dump.tables():
            for row in session.execute(select(table)):
                for value in row:
                    if isinstance(value, bytes) and value.startswith(backup_archive.ZSTD_MAGIC):
                        value = zstandard.ZstdDecompressor().decompressobj().decompress(value)
                        packed += 1
                    content = value if isinstance(value, bytes) else str(value).encode()
                    assert found_in(content) == [], table.name
    assert packed > 3, "running instances have a packed state"


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
