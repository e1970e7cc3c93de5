"""Commands of the product for analysts, operators and the supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds every command of this package to `flask`."""
    from app.cli.users import users

    for command in (users,):
        app.cli.add_command(command)
