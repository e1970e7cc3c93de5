"""What is taken as a document, and what is refused with a reason."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.errors import Conflict, NotFound
from app.storage.database import reading
from app.storage.documents import Document
from app.use_cases.documents.upload_document import MAX_BYTES, BadFile, checked_media_type, safe_filename
from tests import desk as people
from tests.desk import PDF, PNG, Desk


def office(*members: tuple[str, bytes]) -> bytes:
    """A zip file as office programs write it."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (("[Content_Types].xml", b"<Types/>"), *members):
            archive.writestr(name, data)
    return content.getvalue()


XLSX, DOCX = office(("xl/workbook.xml", b"<workbook/>")), office(("word/document.xml", b"<document/>"))
BOMB = office(("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", b" " * 210_000_000))
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PDF", PDF),
        ("b.png", PNG),
        ("c.jpg", JPG),
        ("c.jpeg", JPG),
        ("d.xlsx", XLSX),
        ("e.docx", DOCX),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name: str, content: bytes) -> None:
    assert checked_media_type(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.jpg", PNG),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b"MZ\x90\x00" + PDF),
        ("a.xlsx", b"PK\x03\x04 [Content_Types].xml"),
        ("a.xlsx", DOCX),
        ("a.docx", XLSX),
        ("a.xlsx", office(("evil.exe", b"MZ"))),
        ("a.xlsx", BOMB),
        ("a.docx", office(("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"macro"))),
        ("a.html", b"<html></html>"),
        ("a.svg", b"<svg onload='alert(1)'/>"),
        ("a.pdf.exe", PDF),
        ("a", PDF),
        ("pdf", PDF),
        ("a.pdf", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}",
)
def test_a_file_that_is_something_else_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        checked_media_type(name, content)
    assert name in refused.value.text.zh and name in refused.value.text.of("en")


def test_a_file_over_the_limit_is_refused_with_its_size() -> None:
    with pytest.raises(BadFile) as refused:
        checked_media_type("a.pdf", PDF + b" " * MAX_BYTES)
    assert "20.0 MB" in refused.value.text.zh and "20 MB" in refused.value.text.of("en")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("/abs/流水.pdf", "流水.pdf"),
        ("a\x00\r\nb.pdf", "ab.pdf"),
        ('<img src=x onerror="1">.pdf', "img src=x onerror=1.pdf"),
        ("...", "file"),
        ("", "file"),
        (".pdf", "pdf"),
        ("x" * 400 + ".pdf", "x" * 110 + ".pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
    ],
)
def test_a_name_keeps_its_ending_and_loses_folders_and_control_characters(given: str, kept: str) -> None:
    assert safe_filename(given) == kept


def test_a_document_is_noted_with_case_task_and_hash(desk: Desk) -> None:
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM))
    task = desk.task(number, "upload_documents")
    document_id = desk.upload(people.FIRM, task.id, kind="business_license", filename="../营业执照.pdf")
    with desk.app.app_context(), reading() as session:
        row = session.get_one(Document, document_id)
    assert (row.case_id, row.task_id, row.filename, row.size) == (task.case_id, task.id, "营业执照.pdf", len(PDF))
    assert len(row.sha256) == 64


def test_nobody_uploads_to_a_task_of_others_or_one_that_is_done(desk: Desk) -> None:
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM))
    task = desk.task(number, "upload_documents")
    with pytest.raises(NotFound):
        desk.upload(people.OTHER_FIRM, task.id)
    desk.upload_all(people.FIRM, number)
    with pytest.raises(Conflict):
        desk.upload(people.FIRM, task.id)
