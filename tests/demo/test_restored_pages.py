"""A backup restored into an empty folder shows everybody the same pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.gateways import clock
from app.storage.database import db, reading
from app.storage.documents import Document
from app.storage.user_tasks import UserTask
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.restore_backup import restore_backup
from app.use_cases.reporting.count_process_steps import count_process_steps
from tests.databases import SECRETS, settings
from tests.demo.conftest import Played
from tests.desk import Desk
from tests.web.visitor import Visitor, words

READERS = ("chen.jing", "gu.fang", "wang.lei", "sun.hao", "zhou.lan", "ye.qing", "yun.ying")
EVERY = 7  # of the cases and tasks: enough to meet each kind of page, few enough for patience


def addresses(played: Played) -> list[str]:
    with played.app.app_context(), reading() as session:
        waiting = session.scalars(select(UserTask.id).where(UserTask.state == "open")).all()
        tasks = [f"/tasks/{id_}" for id_ in waiting[::EVERY]]
        documents = [f"/documents/{id_}" for id_ in session.scalars(select(Document.id))][:3]
    cases = [f"/{place}/{number}" for place in ("cases", "applications") for number in played.numbers[::EVERY]]
    return ["/inbox", "/cases", "/applications", "/messages", *cases, *tasks, *documents]


def pages(app: Flask, paths: list[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """What each reader gets at each address: the status and what is to be read there."""
    desk, seen = Desk(app), {}
    for login in READERS:
        visitor = Visitor(desk, login)
        for path in paths:
            answer = visitor.get(path)
            is_file = answer.mimetype == "application/pdf"
            read = answer.data.hex() if is_file else words(answer)
            seen[login, path] = answer.status_code, read
    return seen


def test_a_restored_installation_shows_the_same_pages_and_counts(played: Played, tmp_path: Path) -> None:
    paths = addresses(played)
    with clock.fixed_at(clock.real_now()):
        with played.app.app_context():
            make_backup(tmp_path / "all.tar.zst", SECRETS["PARTY_KEY"])
            counted = count_process_steps()
        before = pages(played.app, paths)
        restored = create_app(settings(tmp_path / "restored", f"sqlite:///{tmp_path / 'restored.db'}"))
        with restored.app_context():
            restore_backup(tmp_path / "all.tar.zst", SECRETS["PARTY_KEY"], None)
            assert count_process_steps() == counted
        after = pages(restored, paths)
        with restored.app_context():
            db.engine.dispose()
    assert after == before
    statuses = [status for status, _text in before.values()]
    assert statuses.count(200) > 40 and 404 in statuses
