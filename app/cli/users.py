"""`flask users`: the people of an installation."""

from __future__ import annotations

import os

import click

from app.cli.speaking import ProductGroup
from app.use_cases.administration.create_admin import create_admin

users = ProductGroup("users", help="The people of this installation.")


@users.command("create-admin")
@click.argument("login")
@click.option("--name-zh", default="系统管理员", help="Name in Chinese.")
@click.option("--name-en", default="Administrator", help="Name in English.")
def create_admin_command(login: str, name_zh: str, name_en: str) -> None:
    """Creates an administrator; the password (ADMIN_PASSWORD, else asked for) is a first one, changed at log-in."""
    password = os.environ.get("ADMIN_PASSWORD") or click.prompt(
        "密码 / Password", hide_input=True, confirmation_prompt=True
    )
    create_admin(login, password, name_zh, name_en)
    click.echo(
        f"管理员“{login}”已创建，首次登录时要改密码。 / The administrator {login} was created; "
        "the first log-in asks for a new password."
    )
