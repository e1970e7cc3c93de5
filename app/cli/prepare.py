"""What has to be done before anything else starts: the database's upgrade, and the demo's data on the first start."""

from __future__ import annotations

import logging
import sys

from flask.cli import ScriptInfo

from app import create_app, lifeline, logs
from app.use_cases.administration.upgrade_database import upgrade_database

DEMO_COMMAND = ["demo", "load", "--if-empty"]


def main() -> int:
    """Upgrades, then runs the demo command in demo mode; what that prints (its accounts) is shown with the address."""
    lifeline.hold()
    logs.configure(logging.WARNING, sys.stderr)
    app = create_app()
    with app.app_context():
        upgrade_database()
    if app.config["SETTINGS"].mode == "demo" and "demo" in app.cli.commands:
        app.cli.main(
            args=DEMO_COMMAND, prog_name="flask", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
