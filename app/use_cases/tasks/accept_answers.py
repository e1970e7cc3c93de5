"""Takes over what was entered into a task's form: checked, personal values encrypted, case and parties set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FieldError, InvalidForm
from app.forms import Component, Entered, Form
from app.storage import answers, organisations
from app.storage.answers import FormAnswer, FormDraft
from app.storage.cases import LoanCase, set_party
from app.storage.documents import Document
from app.texts import Text
from app.use_cases.instances.run import Run
from app.use_cases.parties.hide_personal_values import hide_personal_values

CASE_COLUMNS = ("applicant_name", "amount", "term_months", "purpose", "repayment_method")
DECISION_FIELD = "decision"


@dataclass(frozen=True)
class Accepted:
    """`variables` go to the engine, `decision` is the field of that name, `note` goes into the history row."""

    variables: dict[str, Any] = field(default_factory=dict)
    decision: str | None = None
    note: dict[str, Any] | None = None


def accept_answers(run: Run, entered: Entered, draft: FormDraft | None) -> Accepted:
    """Checks and stores the answers in the caller's unit, in place of the draft; raises InvalidForm with all faults."""
    assert run.task is not None and run.actor is not None
    if draft is not None:
        run.session.delete(draft)
    if run.task.form_key is None:
        return Accepted()
    form = run.release.form(run.task.form_key)
    stored = _stored_before(run, form, draft)
    checked = form.check(form.entries(entered), run.task.variables or {}, run.moment, stored=stored)
    faults = [*checked.errors, *_foreign_documents(run.session, form, checked.data, run.case)]
    if not faults:
        faults = _set_parties(run, form, checked.data)
    if faults:
        raise InvalidForm(faults)
    data = hide_personal_values(run.session, form, checked.data, run.case.id, run.moment.now)
    _set_columns(run.case, form, data)
    run.session.add(
        FormAnswer(
            case_id=run.case.id,
            task_id=run.task.id,
            release_id=run.release.id,
            form_key=form.key,
            round=run.case.round,
            opinion=run.task.opinion,
            person_id=run.actor.person_id,
            organisation_id=run.actor.organisation_id,
            data=data,
            at=run.moment.now,
        )
    )
    decision = data.get(DECISION_FIELD) if isinstance(data.get(DECISION_FIELD), str) else None
    return Accepted(data, decision, _note(form, decision))


def _stored_before(run: Run, form: Form, draft: FormDraft | None) -> Mapping[str, Any]:
    """What this person's page was filled with: the draft, else the newest answer; masked texts refer to it."""
    if draft is not None or not form.sensitive_paths():
        return draft.data if draft else {}
    earlier = answers.latest(run.session, run.case.id, form.key)
    return earlier.data if earlier else {}


def _note(form: Form, decision: str | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    label = decision_label(form, decision)
    return {"decision": decision, "zh": label.zh, "en": label.of("en")}


def decision_label(form: Form, decision: str) -> Text:
    """What the chosen option of the field named decision is called."""
    options = {
        option.value: option.label for part in form.fields if part.path == DECISION_FIELD for option in part.options
    }
    return options.get(decision, Text(decision, decision))


def _fields_with(form: Form, property_name: str) -> Iterator[Component]:
    return (part for part in form.fields if part.properties.get(property_name) and "[" not in part.path)


def _value_at(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _set_columns(case: LoanCase, form: Form, data: Mapping[str, Any]) -> None:
    for part in _fields_with(form, "column"):
        value = _value_at(data, part.path)
        if part.properties["column"] in CASE_COLUMNS and value is not None:
            setattr(case, part.properties["column"], value)


def _set_parties(run: Run, form: Form, data: Mapping[str, Any]) -> list[FieldError]:
    """A field with the property `party` names, by its credit code, an organisation that the platform has admitted."""
    faults = []
    for part in _fields_with(form, "party"):
        code, capacity = _value_at(data, part.path), part.properties["party"]
        if not isinstance(code, str):
            continue
        organisation = organisations.by_credit_code(run.session, code)
        if organisation is None or organisation.kind != capacity or not organisation.active:
            text = Text(
                f"平台上没有信用代码为 {code} 的这类机构，请与对方核对；没有入驻的请联系平台。",
                f"No admitted organisation of this kind has the code {code}; please check it or ask the platform.",
            )
            faults.append(FieldError(part.path, part.label, text))
        else:
            set_party(run.session, run.case.id, capacity, organisation.id)
    return faults


def _foreign_documents(session: Session, form: Form, data: Mapping[str, Any], case: LoanCase) -> list[FieldError]:
    """A document that was uploaded for another case is no document here."""
    faults = []
    for part in (part for part in form.fields if part.type == "filepicker"):
        ids = document_ids(_value_at(data, part.path.split("[", 1)[0]))
        known = (
            set(session.scalars(select(Document.id).where(Document.id.in_(ids), Document.case_id == case.id)))
            if ids
            else set()
        )
        if ids - known:
            text = Text(
                "有文件不属于本申请，请重新上传。", "A file does not belong to this case; please upload it again."
            )
            faults.append(FieldError(part.path, part.label, text))
    return faults


def document_ids(value: Any) -> set[int]:
    """Every document id in the value of a file field: a list, or a list for each kind."""
    if isinstance(value, dict):
        return {id_ for item in value.values() for id_ in document_ids(item)}
    if isinstance(value, list):
        return {id_ for item in value for id_ in document_ids(item)}
    return (
        {int(value)}
        if isinstance(value, int) or (isinstance(value, str) and value.isdecimal() and len(value) < 18)
        else set()
    )
