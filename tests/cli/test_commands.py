"""Commands say what they did, in the terminal's language, and end with an exit code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cli.speaking import default_language, said
from app.config import SOURCES
from app.storage.database import unit_of_work
from app.storage.incidents import Incident
from app.texts import Text
from app.use_cases.applications.application_rows import COLUMNS

GOOD = (
    "Beauty Land Inc.,91410100YG58BRK2XJ,446120,no,5,MS,MCCOMB,working-capital,10200.00,12,loan,13800001208,2003-06-06"
)


def run(app: Flask, *arguments: str, **environment: str) -> Any:
    return app.test_cli_runner().invoke(args=list(arguments), env=environment)


def test_an_import_ends_with_its_counts_and_tells_faults_and_progress(demo_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    rows = [GOOD.replace(",12,loan", f",{months},loan") for months in range(1, 26)]
    file.write_text("\n".join([",".join(COLUMNS), *rows, GOOD.replace(",5,MS", ",five,MS")]), "utf-8")
    done = run(demo_app, "applications", "import", str(file), "--language", "en")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "25 started, 0 already there, 1 refused"
    assert "line 27, employees: " in done.stdout and "第" not in done.stdout
    assert "25 started" in done.stderr


def test_after_an_import_every_case_stands_at_a_named_step(demo_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{GOOD}\n", "utf-8")
    run(demo_app, "applications", "import", str(file))
    shown = run(demo_app, "process", "list", "--language", "en").stdout
    assert "1 running, 0 ended" in shown and "Upload documents" in shown and "1 cases" in shown


def test_an_import_without_dispatch_leaves_the_steps_to_the_workers(demo_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{GOOD.replace(',12,loan', ',84,loan')}\n", "utf-8")
    run(demo_app, "applications", "import", str(file), "--no-dispatch")
    shown = run(demo_app, "process", "list", "--language", "en").stdout
    assert "1 running, 0 ended" in shown


def test_closing_days_says_what_was_done_and_that_nothing_is_missing(app: Flask) -> None:
    first, again = (run(app, "close-day", "--language", "en") for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d  done  0\n", first.stdout) and again.stdout == "no day is missing\n"


def test_closing_refuses_a_day_that_has_not_come_and_a_loan_that_is_none(app: Flask) -> None:
    future = run(app, "close-day", "--on", "2099-01-01", "--language", "en")
    nobody = run(app, "close-day", "--loan", "DK0", "--language", "en")

    assert (future.exit_code, nobody.exit_code) == (1, 1)
    assert "2099-01-01 has not come yet" in future.stderr and 'no loan "DK0"' in nobody.stderr


def test_a_command_on_a_database_without_tables_says_what_to_do(
    make_app: Callable[[str], Flask], tmp_path: Path
) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'new.db'}")
    refused = run(app, "process", "list", LC_ALL="en_GB.UTF-8")
    assert refused.exit_code == 1 and "flask upgrade" in refused.stderr
    assert run(app, "upgrade").exit_code == 0
    assert run(app, "process", "list").exit_code == 0


def test_a_wrong_header_ends_with_code_1_and_both_languages(demo_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    file.write_text("name\nx\n", "utf-8")
    done = run(demo_app, "applications", "import", str(file), LC_ALL="C")
    assert done.exit_code == 1 and "表头不对" in done.stderr and "unknown columns: name" in done.stderr


def test_an_administrator_is_created_from_the_environment_or_a_prompt(app: Flask) -> None:
    assert run(app, "users", "create-admin", "root", ADMIN_PASSWORD="seven grey herons").exit_code == 0
    typed = app.test_cli_runner().invoke(
        args=["users", "create-admin", "second"], input="eight grey herons\neight grey herons\n"
    )
    assert typed.exit_code == 0 and "eight grey" not in typed.output
    weak = run(app, "users", "create-admin", "third", ADMIN_PASSWORD="password")
    assert weak.exit_code == 1 and "too weak" in weak.stderr


def test_a_backup_says_that_its_key_is_in_clear_unless_sealed(app: Flask, tmp_path: Path) -> None:
    clear = run(app, "backup", str(tmp_path / "clear.tar.zst"), BACKUP_PASSPHRASE="")
    sealed = run(app, "backup", str(tmp_path / "sealed.tar.zst"), BACKUP_PASSPHRASE="correct horse")
    assert clear.exit_code == sealed.exit_code == 0
    assert "BACKUP_PASSPHRASE" in clear.stderr and sealed.stderr == ""


def test_a_backup_is_not_restored_over_data(app: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "all.tar.gz")
    assert run(app, "users", "create-admin", "root", ADMIN_PASSWORD="seven grey herons").exit_code == 0
    assert run(app, "backup", file).exit_code == 0
    refused = run(app, "restore", file)
    assert refused.exit_code == 1 and "not empty" in refused.stderr


def test_intact_audit_chains_are_said_to_hold(demo_app: Flask) -> None:
    done = run(demo_app, "audit", "verify")
    assert done.exit_code == 0 and "all audit chains hold" in done.output


def test_the_demo_is_loaded_once_and_its_accounts_are_printed(demo_app: Flask) -> None:
    again = run(demo_app, "demo", "load", "--if-empty")
    assert again.exit_code == 0 and "chen.jing" in again.stdout and "demo-2026" in again.stdout
    assert run(demo_app, "demo", "load").exit_code == 1


def test_definitions_that_did_not_change_are_not_published_again(demo_app: Flask) -> None:
    assert "nothing changed" in run(demo_app, "definitions", "publish").stdout


def test_an_incident_is_listed_with_the_time_on_the_wall(demo_app: Flask) -> None:
    late = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    with demo_app.app_context(), unit_of_work() as session:
        session.add(Incident(kind="step", cause_zh="停了", cause_en="It stopped", created_at=late))
    assert "2026-11-22 01:30  It stopped" in run(demo_app, "incidents", "list", "--language", "en").stdout


def test_no_incident_is_said_to_be_open_and_none_can_be_retried(demo_app: Flask) -> None:
    assert "no open incidents" in run(demo_app, "incidents", "list", "--language", "en").stdout
    assert run(demo_app, "incidents", "retry", "7").exit_code == 1


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("C", "both"), ("de_DE", "both")]
)
def test_commands_speak_the_terminals_language(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert default_language() == language
    assert said(Text("好", "good"), language) == {"zh": "好", "en": "good", "both": "好 / good"}[language]


def test_what_is_stuck_is_listed_with_its_cause_and_an_exit_code(demo_app: Flask) -> None:
    shown = run(demo_app, "work", "stuck", "--language", "en")
    assert shown.exit_code == 1
    assert "No poller runs: due timers" in shown.stdout and "Stopped processes" in shown.stdout


def test_sources_are_listed_and_a_sandbox_is_told_to_misbehave(app: Flask) -> None:
    assert run(app, "sources", "behave", "risk_platform", "wrong_firm").exit_code == 0
    listed = run(app, "sources", "list", "--language", "en").stdout.splitlines()
    assert len(listed) == len(SOURCES)
    assert next(line for line in listed if "answers about another firm" in line).startswith("risk_platform")
    for wrong in (("risk_platform", "grumpy"), ("nobody", "ok")):
        refused = run(app, "sources", "behave", *wrong)
        assert refused.exit_code == 1 and "Traceback" not in refused.output
