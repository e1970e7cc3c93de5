"""The loan origination system: `create_app` is the one place where its parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.config import PROJECT_DIRECTORY, Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings | None = None) -> Flask:
    """The web application of an installation; without `settings` they are read from the environment."""
    # imported here, so that the supervisor and the pure packages do not pay for the web stack
    from flask import Flask
    from flask_migrate import Migrate

    from app.gateways import queue
    from app.storage import database

    settings = settings or Settings.from_environment()
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
    )
    queue.connect(settings.redis_url)
    database.init_app(app, lambda rows: [queue.enqueue_outbox_row(row) for row in rows])  # type: ignore[arg-type]
    Migrate(app, database.db, directory=str(PROJECT_DIRECTORY / "migrations"))
    return app
