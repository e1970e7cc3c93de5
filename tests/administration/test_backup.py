"""A backup restored elsewhere is the same installation; a damaged or foreign one restores nothing."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.gateways import clock, files
from app.gateways.backup_archive import ArchiveRefused
from app.storage import audit, database, dump, party_store
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.documents import Document
from app.storage.limits import CreditLimit
from app.storage.offers import Offer
from app.storage.party_store import PartyKey, PartyValue
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import log_in
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.restore_backup import RestoreRefused, restore_backup
from app.use_cases.administration.upgrade_database import upgrade_database
from app.use_cases.administration.verify_audit import verify_audit
from app.use_cases.parties import party_key

from .conftest import PASSWORD, settle

KEY, OTHER_KEY = "k" * 44, "o" * 44
PHONE = "13800001234"


@pytest.fixture
def lived_in(installation: Flask, people: dict[str, int]) -> Flask:
    """An installation with a case, money, a document, an encrypted number and an audit trail."""
    fill(people)
    return installation


def fill(people: dict[str, int]) -> None:
    now = clock.real_now()
    sha256 = files.put(b"%PDF the licence")
    with unit_of_work() as session:
        case = LoanCase(
            number="LN202611210001",
            product_key="p",
            milestone_at=now,
            created_at=now,
            amount=Decimal("1234567.89"),
            applicant_name="清溪织造",
        )
        session.add(case)
        session.flush()
        session.add(
            Document(
                case_id=case.id,
                kind="licence",
                filename="执照.pdf",
                media_type="application/pdf",
                size=16,
                sha256=sha256,
                organisation_id=people["firm"],
                at=now,
            )
        )
        session.add(
            CreditLimit(funder_id=people["bank"], kind="funder", subject="1", total=Decimal("9.99"), used=Decimal(0))
        )
        session.add(
            Offer(
                number="OF1",
                case_id=case.id,
                funder_id=people["bank"],
                amount=Decimal("0.01"),
                rate_percent_per_year="4.35",
                term_months=12,
                repayment_method="bullet",
                valid_until=date(2026, 12, 1),
                issued_at=now,
            )
        )
        party_store.store(
            session, PartyKey.derive(KEY), case_id=case.id, kind="phone", value=PHONE, masked_as="138****1234", at=now
        )
        audit.record(
            session,
            organisation_id=people["bank"],
            person_id=people["wang"],
            verb="act",
            target="LN1",
            detail={"amount": Decimal("1.10"), "list": (1, None, True)},
            at=now,
        )
    log_in("wang", PASSWORD, "192.0.2.1", "Firefox")


@contextmanager
def elsewhere(folder: Path, url: str = "") -> Iterator[Flask]:
    """Another installation, of which nothing exists yet."""
    folder.mkdir()
    app = Flask("elsewhere")
    app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{folder / 'loan.db'}"
    database.init_app(app)
    files.use(folder / "files")
    with app.app_context():
        yield app


def contents() -> dict[str, list[bytes]]:
    with reading() as session:
        return {table.name: list(dump.lines(session, table)) for table in dump.tables()}


@pytest.mark.parametrize("name", ["all.tar.zst", "all.tar.gz"])
def test_a_restored_backup_holds_the_same_rows_and_files(lived_in: Flask, tmp_path: Path, name: str) -> None:
    made = make_backup(tmp_path / name, KEY)
    before = contents()
    kept: list[str] = []
    with elsewhere(tmp_path / "new"):
        restored = restore_backup(tmp_path / name, OTHER_KEY, kept.append)
        after = contents()
        noted = after["audit_entry"].pop()
        after["audit_tail"], before["audit_tail"] = [], []
        assert b"restore_backup" in noted
        del after["web_session"], before["web_session"]  # a restore ends them
        assert after == before
        assert restored.rows == made.rows and restored.files == made.files == 1
        assert verify_audit() == []
        assert files.get(files.stored()[0].name) == b"%PDF the licence"
        assert kept == [KEY]
        log_in("wang", PASSWORD, "", "")


@pytest.mark.postgresql
@pytest.mark.parametrize("direction", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_moves_between_the_kinds_of_database(
    make_app: Callable[[str], Flask],
    request: pytest.FixtureRequest,
    password_hash: str,
    tmp_path: Path,
    direction: tuple[str, str],
) -> None:
    source, target = (request.getfixturevalue(f"{kind}_url") for kind in direction)
    with make_app(source).app_context():
        fill(settle(password_hash))
        make_backup(tmp_path / "all.tar.zst", KEY)
        before = contents()
    with make_app(target).app_context():
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
        after = contents()
        after["audit_entry"].pop()
        for differing in ("audit_tail", "web_session"):
            del after[differing], before[differing]
        assert after == before
        assert verify_audit() == []
        assert new_case_id() == 2


def new_case_id() -> int:
    now = clock.real_now()
    with unit_of_work() as session:
        case = LoanCase(number="LN2", product_key="p", milestone_at=now, created_at=now)
        session.add(case)
        session.flush()
        return case.id


def test_a_restore_ends_every_session_because_some_were_revoked_since(lived_in: Flask, tmp_path: Path) -> None:
    token = log_in("wang", PASSWORD, "", "").token
    make_backup(tmp_path / "all.tar.zst", KEY)
    assert load_actor(token) is not None
    with elsewhere(tmp_path / "new"):
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
        assert load_actor(token) is None


def test_encrypted_values_can_be_read_with_the_restored_key(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    with elsewhere(tmp_path / "new"):
        restore_backup(tmp_path / "all.tar.zst", OTHER_KEY, lambda key: None)
        with reading() as session:
            id_ = session.scalars(select(PartyValue.id)).one()
            assert party_store.reveal(session, party_key.current(), id_) == PHONE


def test_a_backup_can_be_read_by_its_owner_only(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    assert stat.S_IMODE((tmp_path / "all.tar.zst").stat().st_mode) == 0o600


def test_a_passphrase_seals_the_key(lived_in: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    make_backup(file, KEY, "correct horse")
    with elsewhere(tmp_path / "new"):
        with pytest.raises(ArchiveRefused, match="BACKUP_PASSPHRASE"):
            restore_backup(file, OTHER_KEY, lambda key: None, "wrong horse")
        restore_backup(file, OTHER_KEY, lambda key: None, "correct horse")


def test_a_key_set_by_the_environment_must_be_the_backups(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    with elsewhere(tmp_path / "new"):
        with pytest.raises(RestoreRefused, match="PARTY_KEY"):
            restore_backup(tmp_path / "all.tar.zst", OTHER_KEY, None)
        assert sum(len(rows) for rows in contents().values()) == 0


def test_a_database_in_use_takes_no_backup(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    before = contents()
    with pytest.raises(RestoreRefused, match="not empty"):
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
    assert contents() == before


def test_an_existing_file_is_not_overwritten(lived_in: Flask, tmp_path: Path) -> None:
    (tmp_path / "all.tar.zst").write_text("dear to me")
    with pytest.raises(ArchiveRefused):
        make_backup(tmp_path / "all.tar.zst", KEY)
    assert (tmp_path / "all.tar.zst").read_text() == "dear to me"


def test_a_folder_that_is_not_there_is_named(lived_in: Flask, tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="Nothing can be written to"):
        make_backup(tmp_path / "nowhere" / "all.tar.zst", KEY)


def test_a_damaged_backup_restores_nothing(lived_in: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.gz"
    make_backup(file, KEY)
    whole = file.read_bytes()
    for name, damaged in (("cut", whole[: len(whole) // 2]), ("flipped", _flipped(whole)), ("other", b"no backup")):
        (tmp_path / name).write_bytes(damaged)
    with elsewhere(tmp_path / "new"):
        for name in ("cut", "flipped", "other"):
            with pytest.raises(ArchiveRefused):
                restore_backup(tmp_path / name, KEY, None)
        assert sum(len(rows) for rows in contents().values()) == 0


def _flipped(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 0x55]) + whole[middle + 1 :]


def test_a_backup_of_a_forged_audit_log_is_refused(lived_in: Flask, tmp_path: Path) -> None:
    with unit_of_work() as session:
        session.execute(update(AuditEntry).where(AuditEntry.verb == "act").values(target="LN2"))
    make_backup(tmp_path / "all.tar.zst", KEY)
    with elsewhere(tmp_path / "new"):
        with pytest.raises(ArchiveRefused, match="audit chain"):
            restore_backup(tmp_path / "all.tar.zst", KEY, None)
        assert sum(len(rows) for rows in contents().values()) == 0


def test_new_rows_get_new_ids_after_a_restore(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    with elsewhere(tmp_path / "new"):
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
        assert new_case_id() == 2


def test_an_upgraded_installation_without_people_counts_as_empty(lived_in: Flask, tmp_path: Path) -> None:
    make_backup(tmp_path / "all.tar.zst", KEY)
    with elsewhere(tmp_path / "new"):
        upgrade_database()
        restore_backup(tmp_path / "all.tar.zst", KEY, None)
        assert verify_audit() == []
