"""Commands of the product for analysts, operators and the supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds every command of this package to `flask`."""
    from app.cli.applications import applications
    from app.cli.audit import audit
    from app.cli.backups import backup, restore
    from app.cli.cases import cases
    from app.cli.close_day import close_day
    from app.cli.definition_files import processes
    from app.cli.definitions import definitions
    from app.cli.demo import demo
    from app.cli.incidents import incidents
    from app.cli.ledger import ledger
    from app.cli.loans import loan
    from app.cli.products import products
    from app.cli.rule_checks import check_rules
    from app.cli.rule_replay import rules
    from app.cli.rule_tests import test_rules
    from app.cli.sources import sources
    from app.cli.upgrades import upgrade
    from app.cli.users import users
    from app.cli.work import work

    for command in (
        applications,
        audit,
        backup,
        cases,
        close_day,
        definitions,
        demo,
        incidents,
        ledger,
        loan,
        processes,
        products,
        restore,
        rules,
        sources,
        upgrade,
        users,
        work,
    ):
        app.cli.add_command(command)
    rules.add_command(check_rules)
    rules.add_command(test_rules)
