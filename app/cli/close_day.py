"""`flask close-day`: the daily close by hand, of all loans or of one."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from app.cli.speaking import ending_politely, language_option, on_upgraded_database, said
from app.texts import Text
from app.use_cases.closing.catch_up import catch_up
from app.use_cases.closing.close_all import DayRun
from app.use_cases.closing.close_one_loan import close_one_loan

STATES = {
    "done": Text("完成", "done"),
    "running elsewhere": Text("正由另一个进程处理", "another process works on it"),
    "out of time": Text("未完", "not finished"),
    "failing": Text("有借据未能日终", "some loans could not be closed"),
}


@click.command("close-day")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day to close up to; the business date by default.")
@click.option("--loan", "loan_no", default="", help="The number of one loan to close, instead of all.")
@with_appcontext
@language_option
@ending_politely
@on_upgraded_database
def close_day(on: datetime | None, loan_no: str, language: str) -> None:
    """Closes every missing day in order, or one loan; exit code 1 where a day is not done."""
    day = None if on is None else on.date()
    if loan_no:
        _one(loan_no, day, language)
        return
    found = catch_up(until=day, told=lambda run: _tell(run, language))
    if not found.days:
        click.echo(said(Text("没有需要日终的日期", "no day is missing"), language))
    if not found.is_complete:
        raise SystemExit(1)


def _tell(run: DayRun, language: str) -> None:
    click.echo(f"{run.on}  {said(STATES[run.state], language)}  {run.closed}  {' '.join(run.failed)}".rstrip())


def _one(loan_no: str, on: date | None, language: str) -> None:
    done = close_one_loan(loan_no, on)
    counts = Text(
        f"{loan_no} {done.on}：分录 {len(done.journals)}，账单 {len(done.bills)}，消息 {len(done.messages)}",
        f"{loan_no} {done.on}: {len(done.journals)} journals, {len(done.bills)} bills, {len(done.messages)} messages",
    )
    click.echo(said(counts, language))
