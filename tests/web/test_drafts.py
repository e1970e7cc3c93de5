"""Drafts and corrections: what was typed comes back as it was typed, and personal values stay masked."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from sqlalchemy import select

from app.storage.answers import FormAnswer, FormDraft
from app.storage.database import reading
from app.storage.party_store import reveal
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.parties import party_key
from tests import desk as people
from tests.desk import PDF, Desk
from tests.processes import answers
from tests.web.visitor import Visitor, everything, field, words

Visit = Callable[..., Visitor]
FORM = "working-capital-application"
ID_CARD = answers.COMPANY["representative_id_card"]
JSON = {"headers": {"Accept": "application/json"}}


def given_id_card(desk: Desk, number: str) -> list[str | None]:
    """The representative's number in clear, as each submitted application of the case refers to it, oldest first."""
    case_id = desk.case(number).id
    with desk.app.app_context(), reading() as session:
        query = select(FormAnswer.data).where(FormAnswer.case_id == case_id, FormAnswer.form_key == FORM)
        rows = session.scalars(query.order_by(FormAnswer.id)).all()
        return [reveal(session, party_key.current(), row["representative_id_card"]["$party"]) for row in rows]


def test_a_draft_comes_back_as_it_was_typed_however_wrong(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    path = f"/tasks/{desk.task(number, FORM).id}"
    typed = {
        "requested_amount": "约四百万",
        "term_months": "十二",
        "repayment_source": "卖货",
        "established_on": "昨天",
    }
    visit(people.FIRM).post(f"{path}/draft", typed)
    page = visit(people.FIRM).get(path)
    assert {name: field(page, name) for name in typed} == typed
    assert "草稿已存" in words(page)


def test_autosave_answers_in_json(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    path = f"/tasks/{desk.task(number, FORM).id}/draft"
    visitor = visit(people.FIRM)
    saved = visitor.post(path, {"requested_amount": "1"}, **JSON)
    assert saved.status_code == 200 and list(saved.json) == ["saved_at"]  # type: ignore[arg-type]
    assert visit().post(path, {"requested_amount": "1"}, **JSON).status_code == 401
    assert visit(people.OTHER_FIRM).post(path, {"requested_amount": "1"}, **JSON).status_code == 404
    desk.complete(people.FIRM, number, FORM, desk.application(people.FIRM))
    late = visitor.post(path, {"requested_amount": "2"}, **JSON)
    assert late.status_code == 409 and "陈静" in late.json["error"]["zh"]  # type: ignore[index]


def test_each_person_has_a_draft_of_their_own(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    path = f"/tasks/{desk.task(number, 'initial_review').id}"
    visit(people.REVIEWER).post(f"{path}/draft", {"opinion": "王磊写的"})
    visit(people.OTHER_REVIEWER).post(f"{path}/draft", {"opinion": "徐娜写的"})
    assert field(visit(people.REVIEWER).get(path), "opinion") == "王磊写的"
    assert field(visit(people.OTHER_REVIEWER).get(path), "opinion") == "徐娜写的"


def test_what_was_typed_before_claiming_is_kept(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    path = f"/tasks/{desk.task(number, 'initial_review').id}"
    visitor = visit(people.REVIEWER)
    visitor.post(f"{path}/claim", {"opinion": "先写后领", "version": "1"})
    assert field(visitor.get(path), "opinion") == "先写后领"
    visit(people.OTHER_REVIEWER).post(f"{path}/claim", {"opinion": "也写了", "version": "1"})
    with desk.app.app_context(), reading() as session:
        assert {row.data["opinion"] for row in session.scalars(select(FormDraft))} == {"先写后领", "也写了"}


def test_personal_values_survive_a_draft_and_stay_masked(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    path = f"/tasks/{desk.task(number, FORM).id}"
    visitor = visit(people.FIRM)
    visitor.post(f"{path}/draft", desk.application(people.FIRM))
    page = visitor.get(path)
    assert ID_CARD not in page.text
    shown = everything(page)
    again = visitor.post(f"{path}/draft", shown)
    assert again.status_code == 302
    submitted = visitor.post(f"{path}/complete", everything(visitor.get(path)))
    assert submitted.status_code == 302, words(submitted)
    assert given_id_card(desk, number) == [ID_CARD]


def test_personal_values_survive_a_refused_submission(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    path = f"/tasks/{desk.task(number, FORM).id}"
    visitor = visit(people.FIRM)
    visitor.post(f"{path}/draft", desk.application(people.FIRM))
    page = visitor.get(path)
    refused = visitor.post(f"{path}/complete", everything(page) | {"requested_amount": "-1"})
    assert refused.status_code == 422 and ID_CARD not in refused.text
    mended = everything(refused) | {"requested_amount": "400000.00"}
    assert visitor.post(f"{path}/complete", mended).status_code == 302
    assert given_id_card(desk, number) == [ID_CARD]


def test_personal_values_survive_a_new_round(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    firm = desk.actor(people.FIRM)
    with desk.app.app_context():
        pull_back(firm, number)
    desk.work()
    path = f"/tasks/{desk.task(number, FORM).id}"
    visitor = visit(people.FIRM)
    page = visitor.get(path)
    assert field(page, "requested_amount") == "400,000.00" and ID_CARD not in page.text
    visitor.post(f"{path}/draft", everything(page))
    page = visitor.get(path)
    changed = everything(page) | {"requested_amount": "350000.00"}
    submitted = visitor.post(f"{path}/complete", changed)
    assert submitted.status_code == 302, words(submitted)
    assert given_id_card(desk, number) == [ID_CARD, ID_CARD]


def test_a_reference_to_another_firms_value_is_not_taken(desk: Desk, visit: Visit) -> None:
    other = desk.submit(people.OTHER_FIRM, representative_id_card="110101199003072316")
    case_id = desk.case(other).id
    with desk.app.app_context(), reading() as session:
        row = session.scalars(
            select(FormAnswer).where(FormAnswer.case_id == case_id, FormAnswer.form_key == FORM)
        ).one()
        stolen = row.data["representative_id_card"]
    number = desk.start()
    entered = desk.application(people.FIRM) | {
        "representative_id_card": stolen["masked"],
        "representative_id_card.$party": stolen["$party"],
    }
    page = visit(people.FIRM).post(f"/tasks/{desk.task(number, FORM).id}/complete", entered)
    assert page.status_code == 422 and 'id="field-representative_id_card-error"' in page.text


def test_a_bad_file_is_an_error_beside_its_slot_and_the_good_one_stays(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    desk.complete(people.FIRM, number, FORM, desk.application(people.FIRM))
    path = f"/tasks/{desk.task(number, 'upload_documents').id}"
    files = {"business_license": [(BytesIO(PDF), "执照.pdf")], "bank_statements": [(BytesIO(b"MZ"), "流水.pdf")]}
    page = visit(people.FIRM).post(f"{path}/complete", {"documents": files})
    assert page.status_code == 422
    assert "执照.pdf" in words(page) and "“流水.pdf”的内容不是 PDF 文件" in words(page)
    assert 'name="documents.business_license" value="1"' in page.text


def test_rows_are_added_and_removed_without_losing_the_rest(desk: Desk, visit: Visit) -> None:
    number = desk.start(product="trade-order")
    path = f"/tasks/{desk.task(number, 'trade-order-application').id}"
    entered = desk.application(people.FIRM, "trade-order")
    page = visit(people.FIRM).post(f"{path}/complete", entered | {"_add": "invoices"})
    assert page.status_code == 200 and field(page, "order_number") == entered["order_number"]
    assert field(page, "invoices[0].invoice_number") == "20261108" and 'name="invoices[1].invoice_number"' in page.text
    page = visit(people.FIRM).post(f"{path}/complete", entered | {"_remove": "invoices[0]"})
    assert page.status_code == 200 and 'name="invoices[0].invoice_number" value="20261108"' not in page.text


def test_a_preview_changes_nothing_and_draws_the_form_alone(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    task_id = desk.task(number, "initial_review").id
    page = visit(people.REVIEWER).post(f"/tasks/{task_id}/preview", answers.INITIAL_FAIL)
    assert page.status_code == 200 and "<html" not in page.text and "reason_text" in page.text
    assert desk.task_row(task_id).claimed_by is None
    with desk.app.app_context(), reading() as session:
        assert session.scalars(select(FormDraft)).all() == []
