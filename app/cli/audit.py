"""`flask audit`: the audit log."""

from __future__ import annotations

import click

from app.cli.speaking import ProductGroup, said
from app.texts import Text
from app.use_cases.administration.verify_audit import verify_audit

audit = ProductGroup("audit", help="The audit log.")


@audit.command("verify")
def verify_command() -> None:
    """Checks every chain of the audit log; exit code 1 where one is broken."""
    broken = verify_audit()
    for chain in broken:
        click.echo(
            said(
                Text(
                    f"机构 {chain.organisation_id} 的审计链在第 {chain.sequence} 条断开",
                    f"the chain of organisation {chain.organisation_id} breaks at entry {chain.sequence}",
                )
            )
        )
    if broken:
        raise SystemExit(1)
    click.echo(said(Text("审计链完整", "all audit chains hold")))
