"""`flask demo`: the made-up data that show the product."""

from __future__ import annotations

import click
from flask import current_app

from app.cli.speaking import ProductGroup, said
from app.texts import Text
from app.use_cases.demo.demo_accounts import demo_accounts
from app.use_cases.demo.load_demo import load_demo
from app.use_cases.demo.play_demo import is_half_played, play_demo

demo = ProductGroup("demo", help="Made-up organisations and people, and a year of their applications.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where people exist already.")
@click.option("--people", is_flag=True, envvar="DEMO_PEOPLE_ONLY", help="Organisations and people, no applications.")
def load_command(if_empty: bool, people: bool) -> None:
    """Loads the demo, plays its year of applications and prints its accounts; the product must not run meanwhile."""
    settings = current_app.config["SETTINGS"]
    if load_demo(if_empty=if_empty, production=settings.mode == "production") and not people:
        play_demo(settings)
    if is_half_played():
        folder = settings.var_dir
        unfinished = Text(
            f"演示数据没有装完：上次装入中途停止。停止后删除 {folder} 再启动，会重新装入。",
            f"The demo is incomplete: its loading was cut off. Stop, delete {folder} and start again to load it anew.",
        )
        click.echo(said(unfinished))
    _print_accounts()


@demo.command("accounts")
def accounts_command() -> None:
    """Prints the demo's accounts."""
    _print_accounts()


def _print_accounts() -> None:
    accounts = demo_accounts()
    if not accounts:
        return
    password = accounts[0].password
    click.echo(said(Text(f"演示账号，密码都是 {password}", f"Demo accounts; each password is {password}")))
    width = max(len(one.account) for one in accounts)
    for one in accounts:
        click.echo(f"  {one.account:<{width}}  {said(one.role)}  {said(one.organisation)}")
