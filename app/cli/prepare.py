"""What comes before anything else starts: the database's upgrade, shipped definitions, and the demo's data."""

from __future__ import annotations

import logging
import sys

from flask.cli import ScriptInfo

from app import create_app, lifeline, logs
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.administration.upgrade_database import upgrade_database
from app.use_cases.demo.demo_accounts import holds_demo

DEMO_COMMAND = ["demo", "load", "--if-empty"]


def main() -> int:
    """Upgrades, publishes what changed, runs the demo command in demo mode; what it prints is shown to the user."""
    lifeline.hold()
    logs.configure(logging.WARNING, sys.stderr)
    app = create_app()
    with app.app_context():
        upgrade_database()
        load_shipped_definitions()
        if app.config["SETTINGS"].mode == "production" and holds_demo():
            print("数据库里有演示账号，密码是公开的。 / This database holds demo accounts; production refuses it.")
            return 1
    if app.config["SETTINGS"].mode == "demo" and "demo" in app.cli.commands:
        app.cli.main(
            args=DEMO_COMMAND, prog_name="flask", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
