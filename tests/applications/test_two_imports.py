"""The same file loaded by two people at the same time, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from app.storage.cases import LoanCase
from app.storage.database import reading
from app.use_cases.applications.application_rows import COLUMNS
from app.use_cases.applications.import_applications import Imported, import_applications
from tests.desk import Desk

ROWS = 15
ROW = (
    "Beauty Land Inc.,91410100YG58BRK2XJ,446120,no,5,MS,MCCOMB,working-capital,10200.00,{},loan,13800001208,2003-06-06"
)


def test_each_row_is_started_once(desk_on_each_database: Desk) -> None:
    content = "\n".join([",".join(COLUMNS), *(ROW.format(months) for months in range(1, ROWS + 1))]).encode()

    def load(_number: int) -> Imported:
        with desk_on_each_database.app.app_context():
            return import_applications(content)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(load, range(2))
    assert (first.started + second.started, first.refused + second.refused) == (ROWS, 0)
    assert first.there + second.there == ROWS
    with desk_on_each_database.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(LoanCase)) == ROWS
