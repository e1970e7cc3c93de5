"""The loan origination system: create_app is the one place where its parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.config import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings | None = None) -> Flask:
    """The Flask app of these settings (default: the environment's), with database, queue, files, ports and pages."""
    from flask import Flask

    from app import cli, web
    from app.business_offset import OfContext
    from app.gateways import clock, demo_signatures, e_signature, files, payments, queue, sources
    from app.gateways.connect_sources import connect_sources
    from app.storage import database, tables
    from app.use_cases.parties import party_key
    from app.use_cases.parties.receive_answer import received

    assert tables.ALL, "every table is known before the database is used"
    chosen = settings or Settings.from_environment()
    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SETTINGS=chosen,
        SECRET_KEY=chosen.secret_key,
        SQLALCHEMY_DATABASE_URI=chosen.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": not chosen.database_url.startswith("sqlite"),
            "hide_parameters": True,  # an error that is logged or kept names the statement, not what people entered
        },
    )
    chosen.var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    queue.connect(chosen.redis_url)
    database.init_app(app, wake=queue.wake)
    clock.follow(None if chosen.mode == "production" else OfContext())
    files.use(chosen.var_dir / "files")
    party_key.use(chosen.party_key)
    sources.use(connect_sources(chosen, received))
    e_signature.use(
        e_signature.NotConnected()
        if chosen.mode == "production"
        else demo_signatures.DemoSignatures(chosen.var_dir / "keys")
    )
    payments.use(payments.channel_of(chosen))
    web.register(app, chosen)
    cli.register(app)
    return app
