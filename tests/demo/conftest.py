"""A fresh installation on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def installation(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
