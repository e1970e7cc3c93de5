"""`flask incidents`: what has stopped, and trying it again."""

from __future__ import annotations

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.moment import BUSINESS_ZONE
from app.texts import Text
from app.use_cases.administration.find_actor import acting_with
from app.use_cases.instances.retry_incident import retry_incident
from app.use_cases.reporting.list_incidents import list_incidents

incidents = ProductGroup("incidents", help="Steps that failed and wait for somebody.")


@incidents.command("list")
@language_option
def list_command(language: str) -> None:
    """Open incidents with their case and cause."""
    found = list_incidents()
    for one in found:
        when = one.created_at.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")
        click.echo(f"{one.id}  {one.case_number}  {one.kind}  {when}  {said(one.cause, language)}")
    if not found:
        click.echo(said(Text("没有待处理的问题", "no open incidents"), language))


@incidents.command("retry")
@click.argument("incident_id", type=int)
@click.option("--as", "login", default="", help="Login of who retries; by default the first person with the right.")
@language_option
def retry_command(incident_id: int, login: str, language: str) -> None:
    """Tries the failed step of an incident again."""
    retry_incident(acting_with("retry_incidents", login), incident_id)
    click.echo(said(Text("将再次尝试", "it will be tried again"), language))
