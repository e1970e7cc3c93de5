"""Documents and a core enterprise's work through pages."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from app.gateways import files
from app.web.security import MAX_REQUEST_BYTES
from tests import desk as people
from tests.desk import PDF, PNG, Desk
from tests.processes import answers
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]


def test_a_core_enterprise_sees_its_task_and_nothing_of_the_banks_work(desk: Desk, visit: Visit) -> None:
    number = desk.at_confirmation()
    task = desk.task(number, "confirm_payable")
    page = visit(people.CONFIRMER).get(f"/tasks/{task.id}")
    assert page.status_code == 200 and "1,250,000" in words(page)
    hidden = (
        *answers.SENSITIVE_TEXTS,
        answers.COMPANY["account_bank"],
        "征信",
        "评级",
        "风险分",
        "/cases/",
        "/documents/",
    )
    assert [text for text in hidden if text in page.text] == []
    desk.complete(people.CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE)
    after = visit(people.CONFIRMER).get(f"/tasks/{task.id}?tab=rules")
    assert after.status_code == 200 and "吴涛在" in words(after) and "/cases/" not in after.text
    assert visit(people.OTHER_CONFIRMER).get(f"/tasks/{task.id}").status_code == 404


def test_an_uploaded_file_is_linked_opened_and_saved_under_its_name(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM))
    path = f"/tasks/{desk.task(number, 'upload_documents').id}"
    visitor = visit(people.FIRM)
    sent = {"documents": {"business_license": [(BytesIO(PNG), "../../营业执照 2026.png")]}}
    page = visitor.post(f"{path}/complete", sent | {"_upload": "documents.business_license"})
    assert page.status_code == 200 and "营业执照 2026.png" in words(page)
    opened = visitor.get("/documents/1")
    assert (opened.data, opened.mimetype) == (PNG, "image/png")
    assert opened.headers["Content-Disposition"].startswith("inline")


def test_a_request_over_the_limit_is_refused_in_words(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    path = f"/tasks/{desk.open_tasks(number)[0].id}/complete"
    visitor = visit(people.FIRM, language="en")
    page = visitor.post(path, environ_overrides={"CONTENT_LENGTH": str(MAX_REQUEST_BYTES + 1)})
    assert page.status_code == 413 and "20 MB" in words(page)


def test_many_fields_or_rows_do_not_bring_the_page_down(desk: Desk, visit: Visit) -> None:
    number = desk.start(product="trade-order")
    path = f"/tasks/{desk.task(number, 'trade-order-application').id}"
    rows = [{"invoice_number": str(index)} for index in range(900)]
    page = visit(people.FIRM).post(
        f"{path}/complete", desk.application(people.FIRM, "trade-order") | {"invoices": rows}
    )
    assert page.status_code in (413, 422)
    deep = {"a" + "[0].a" * 300: "x", "invoices[99999999999].invoice_number": "1", "invoices[-1].x": "1"}
    assert visit(people.FIRM).post(f"{path}/draft", deep).status_code == 302


def test_a_file_that_was_changed_on_disk_is_an_error_with_a_reference(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    desk.upload(people.FIRM, desk.open_tasks(number)[0].id)
    files.stored()[0].write_bytes(PNG)
    page = visit(people.FIRM).get("/documents/1")
    assert page.status_code == 500 and "E-" in words(page) and PNG not in page.data and PDF not in page.data
