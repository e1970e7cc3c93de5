"""A fresh installation with the demo's organisations and people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.storage import database
from app.use_cases.administration.upgrade_database import upgrade_database
from app.use_cases.parties import party_key


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("installation")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'loan.db'}"
    database.init_app(app)
    party_key.use("k" * 44)
    with app.app_context():
        upgrade_database()
        yield app
