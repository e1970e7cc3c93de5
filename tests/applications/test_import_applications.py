"""Applications from a file: every bad row is named with line and column, every good one started once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.errors import NotFound
from app.storage import cases, party_store
from app.storage.answers import FormAnswer
from app.storage.cases import LoanCase
from app.storage.database import db, reading
from app.storage.instances import ProcessInstance
from app.storage.organisations import Organisation
from app.storage.people import Person
from app.use_cases import dispatch
from app.use_cases.applications.application_rows import COLUMNS, FileRefused
from app.use_cases.applications.import_applications import Imported, fault_text, import_applications, said
from app.use_cases.applications.industries import section_of_naics
from app.use_cases.parties import party_key
from app.use_cases.reporting.count_process_steps import count_process_steps

SAMPLE = Path(__file__).parents[2] / "../shared/data/credit/sample_applications.csv"
GOOD = {
    "company_name": "Beauty Land Inc.",
    "unified_social_credit_code": "91410100YG58BRK2XJ",
    "industry_naics": "446120",
    "established_new": "no",
    "employees": "5",
    "province": "MS",
    "city": "MCCOMB",
    "product": "working-capital",
    "amount_yuan": "10200.00",
    "term_months": "12",
    "purpose": "term loan",
    "contact_phone": "13800001208",
    "submitted_on": "2003-06-06",
}


def file_of(*rows: dict[str, str], header: str | None = None, encoding: str = "utf-8") -> bytes:
    lines = [header or ",".join(COLUMNS)] + [",".join(row[name] for name in COLUMNS) for row in rows]
    return ("\n".join(lines) + "\n").encode(encoding)


@pytest.fixture
def bank(demo_app: Flask) -> Iterator[None]:
    with demo_app.app_context():
        yield


def counted(of: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0


def imported_cases() -> list[LoanCase]:
    with reading() as session:
        return list(session.scalars(select(LoanCase).where(LoanCase.source_key.is_not(None)).order_by(LoanCase.id)))


def test_a_good_row_becomes_a_case_of_the_firm_and_the_funder(bank: None) -> None:
    assert said(import_applications(file_of(GOOD))) == "1 started, 0 already there, 0 refused"
    [case] = imported_cases()
    assert (case.channel, case.product_key, case.amount, case.term_months) == (
        "batch",
        "working-capital",
        Decimal("10200.00"),
        12,
    )
    with reading() as session:
        who = cases.parties(session, case.id)
        borrower = session.get_one(Organisation, who["borrower"])
        manager = session.get_one(Person, case.created_by)
    assert (borrower.kind, borrower.name_zh) == ("borrower", "Beauty Land Inc.")
    assert manager.login == "zhou.lan"


def test_the_application_is_kept_as_answers_to_the_products_form(bank: None) -> None:
    import_applications(file_of(GOOD))
    with reading() as session:
        [answer] = session.scalars(select(FormAnswer).where(FormAnswer.case_id == imported_cases()[0].id))
    assert answer.form_key == "working-capital-application"
    assert answer.data["requested_amount"] == Decimal("10200.00")
    assert (answer.data["industry"], answer.data["employees"]) == ("F", 5)
    assert answer.data["contact_phone"]["masked"].startswith("138****")


def test_the_telephone_number_stands_only_in_the_encrypted_store(bank: None) -> None:
    import_applications(file_of(GOOD))
    with reading() as session:
        assert party_store.cases_with(session, party_key.current(), "13800001208") == {imported_cases()[0].id}
    with db.engine.connect() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())
    assert "13800001208" not in dump and "91410100YG58BRK2XJ" in dump


def test_the_same_file_twice_starts_nothing_more(bank: None) -> None:
    content = file_of(GOOD, GOOD | {"amount_yuan": "20000.00"})
    import_applications(content)
    before = counted(LoanCase), counted(ProcessInstance), counted(Organisation)
    assert said(import_applications(content)) == "0 started, 2 already there, 0 refused"
    assert (counted(LoanCase), counted(ProcessInstance), counted(Organisation)) == before


def test_a_row_that_stands_twice_is_started_once(bank: None) -> None:
    other_spelling = GOOD | {"company_name": " Beauty  Land Inc. ", "amount_yuan": "10200", "established_new": "No"}
    assert said(import_applications(file_of(GOOD, other_spelling))) == "1 started, 1 already there, 0 refused"


@pytest.mark.parametrize(
    ("column", "value", "zh", "en"),
    [
        ("company_name", " ", "不能为空", "must not be empty"),
        ("company_name", "Beauty\0Land", "控制字符", "Control characters"),
        ("city", "left\u202eright", "控制字符", "Control characters"),
        ("unified_social_credit_code", "91410100MA00000000", "校验位不对", "check digit"),
        ("unified_social_credit_code", "914101", "18 位", "18 characters"),
        ("industry_naics", "00", "NAICS", "NAICS"),
        ("established_new", "perhaps", "yes", "yes or no"),
        ("employees", "2.5", "整数", "whole number"),
        ("employees", "-1", "整数", "whole number"),
        (
            "product",
            "moon-loan",
            "trade-order, warehouse-receipt, working-capital",
            "trade-order, warehouse-receipt, working-capital",
        ),
        ("amount_yuan", "-50000.00", "大于 0", "above 0"),
        ("amount_yuan", "1e5", "大于 0", "above 0"),
        ("amount_yuan", "12.345", "两位小数", "two places"),
        ("amount_yuan", "0.00", "大于 0", "above 0"),
        ("term_months", "0", "1 到 600", "1 to 600"),
        ("contact_phone", "12345678901", "11 位", "11 digits"),
        ("submitted_on", "2003-02-30", "日期", "date"),
        ("submitted_on", "2999-01-01", "今天之后", "after today"),
    ],
)
def test_a_bad_field_is_named_with_line_column_and_what_is_allowed(
    bank: None, column: str, value: str, zh: str, en: str
) -> None:
    done = import_applications(file_of(GOOD, GOOD | {column: value}))
    assert said(done) == "1 started, 0 already there, 1 refused"
    [fault] = done.faults
    assert (fault.line, fault.column) == (3, column)
    assert zh in fault.text.zh and en in fault.text.of("en")
    assert fault_text(fault).of("en").startswith(f"line 3, {column}: ")


def test_every_bad_field_of_a_row_is_named(bank: None) -> None:
    done = import_applications(file_of(GOOD | {"employees": "x", "amount_yuan": "y"}))
    assert [fault.column for fault in done.faults] == ["employees", "amount_yuan"] and done.refused == 1


def test_a_bad_telephone_number_is_not_repeated(bank: None) -> None:
    [fault] = import_applications(file_of(GOOD | {"contact_phone": "138000012080"})).faults
    assert "138" not in fault.text.zh + fault.text.en


def test_a_line_with_too_few_columns_is_refused_alone(bank: None) -> None:
    content = file_of(GOOD) + b"Short,Line\n\n"
    done = import_applications(content)
    assert said(done) == "1 started, 0 already there, 1 refused" and done.faults[0].line == 3


def test_line_numbers_count_lines_and_not_rows(bank: None) -> None:
    content = (
        file_of()
        + ('"Two\nLines Inc.",' + ",".join(GOOD[name] for name in COLUMNS[1:]) + "\n").encode()
        + file_of(GOOD | {"employees": "x"}).split(b"\n", 1)[1]
    )
    done = import_applications(content)
    assert (done.started, done.faults[0].line) == (1, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_names_arrive_in_each_encoding(bank: None, encoding: str) -> None:
    import_applications(file_of(GOOD | {"company_name": "清溪织造有限公司"}, encoding=encoding))
    assert imported_cases()[0].applicant_name == "清溪织造有限公司"


def test_a_wrong_header_is_refused_with_the_names_of_its_columns(bank: None) -> None:
    with pytest.raises(FileRefused) as refused:
        import_applications(file_of(header=",".join(COLUMNS[1:]) + ",colour,colour"))
    english = refused.value.text.of("en")
    assert "missing columns: company_name" in english and "unknown columns: colour" in english and "twice" in english


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'company_name,"open', b"a;b;c\n1;2;3\n"])
def test_what_is_no_such_file_is_refused_and_starts_nothing(bank: None, content: bytes) -> None:
    before = counted(LoanCase)
    with pytest.raises(FileRefused):
        import_applications(content)
    assert counted(LoanCase) == before


def test_a_header_of_half_a_million_columns_is_refused_at_once(bank: None) -> None:
    with pytest.raises(FileRefused, match="500002 columns; at most 100"):
        import_applications(b"a,b" * 500_000 + b",c")


def test_a_file_that_breaks_in_the_middle_starts_nothing(bank: None) -> None:
    before = counted(LoanCase)
    with pytest.raises(FileRefused):
        import_applications(file_of(GOOD) + b'"never closed')
    assert counted(LoanCase) == before


def test_another_funder_can_be_named(bank: None) -> None:
    import_applications(file_of(GOOD), funder="钱塘银行")
    with reading() as session:
        assert session.get_one(Person, imported_cases()[0].created_by).login == "hu.xue"


def test_an_unknown_funder_or_a_person_without_the_right_is_refused(bank: None) -> None:
    with pytest.raises(NotFound):
        import_applications(file_of(GOOD), funder="月球银行")
    with pytest.raises(NotFound):
        import_applications(file_of(GOOD), login="wang.lei")


def test_progress_is_told_every_25_rows(bank: None) -> None:
    seen: list[int] = []

    def progress(done: Imported) -> None:
        seen.append(done.started + done.there + done.refused)

    import_applications(file_of(*[GOOD | {"term_months": str(months)} for months in range(1, 61)]), progress=progress)
    assert seen == [25, 50]


def test_a_firm_that_is_known_by_its_code_is_not_made_twice(bank: None) -> None:
    before = counted(Organisation)
    import_applications(file_of(GOOD, GOOD | {"term_months": "6"}))
    assert counted(Organisation) == before + 1


def test_real_requests_all_reach_a_named_step_and_the_counts_agree(bank: None) -> None:
    if not SAMPLE.exists():
        pytest.skip("the sample of real requests is not on this machine")
    before = counted(LoanCase)
    done = import_applications(SAMPLE.read_bytes())
    dispatch.run_all_due()
    assert said(done) == "200 started, 1 already there, 4 refused"
    assert [(fault.line, fault.column) for fault in done.faults] == [
        (19, "unified_social_credit_code"),
        (62, "amount_yuan"),
        (113, "company_name"),
        (183, "product"),
    ]
    counts = count_process_steps()
    intake = counts.processes[0]
    assert intake.running + intake.ended == counted(LoanCase) == before + 200
    assert sum(number for _name, number in counts.cases) == counted(LoanCase)
    assert all(step.name.zh and step.name.en and "未知" not in step.name.zh for step in intake.steps)
    assert said(import_applications(SAMPLE.read_bytes())) == "0 started, 201 already there, 4 refused"


@pytest.mark.parametrize(
    ("naics", "section"),
    [("111998", "A"), ("236118", "E"), ("311811", "C"), ("531210", "K"), ("532111", "L"), ("999999", None)],
)
def test_industries_are_put_into_chinese_sections(naics: str, section: str | None) -> None:
    assert section_of_naics(naics) == section
