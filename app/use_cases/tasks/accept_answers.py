"""Takes over what was entered into a task's form: checked, personal values encrypted, case and parties set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.errors import FieldError, InvalidForm
from app.forms import Component, Entered, Form
from app.storage import organisations
from app.storage.answers import FormAnswer, FormDraft
from app.storage.cases import LoanCase, parties, set_party
from app.storage.documents import Document
from app.texts import Text
from app.use_cases.administration.organisation_kinds import capacity_of
from app.use_cases.instances.run import Run
from app.use_cases.panels.panel_options import may_work
from app.use_cases.parties.hide_personal_values import hide_personal_values
from app.use_cases.parties.learn_links import learn_links
from app.use_cases.tasks.earlier_answer import masked_from

CASE_COLUMNS = ("applicant_name", "amount", "term_months", "purpose", "repayment_method", "industry")
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
    stored = masked_from(run.session, run.case, form, draft)
    checked = form.check(form.entries(entered), run.task.variables or {}, run.moment, stored=stored)
    faults = [*checked.errors, *_foreign_documents(run, form, checked.data)]
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
    learn_links(run.session, run.case, form, data, run.moment)
    decision = data.get(DECISION_FIELD) if isinstance(data.get(DECISION_FIELD), str) else None
    return Accepted(data, decision, _note(form, decision))


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
    funder = parties(run.session, run.case.id)["funder"]
    for part in _fields_with(form, "party"):
        code, capacity = _value_at(data, part.path), part.properties["party"]
        if not isinstance(code, str):
            continue
        organisation = organisations.by_credit_code(run.session, code)
        if organisation is None or not organisation.active or capacity_of(organisation.kind) != capacity:
            text = Text(
                f"平台上没有信用代码为 {code} 的这类机构，请与对方核对；没有入驻的请联系平台。",
                f"No admitted organisation of this kind has the code {code}; please check it or ask the platform.",
            )
            faults.append(FieldError(part.path, part.label, text))
        elif not may_work(run.session, funder, organisation, run.moment.business_on):
            text = Text(
                f"{organisation.name_zh}不在资金方的合作名录里，或者已暂停、已到期，请另选一家。",
                f"{organisation.name.of('en')} is not on the bank's panel, or is suspended or past its last day; "
                "please choose another.",
            )
            faults.append(FieldError(part.path, part.label, text))
        else:
            set_party(run.session, run.case.id, capacity, organisation.id)
    return faults


def _foreign_documents(run: Run, form: Form, data: Mapping[str, Any]) -> list[FieldError]:
    """A file field names documents of this case that its own side uploaded or the task shows, and nothing else."""
    assert run.task is not None and run.actor is not None
    faults = []
    for part in (part for part in form.fields if part.type == "filepicker"):
        named = _documents_at(data, part.path) - _documents_at(run.task.variables or {}, part.path)
        own = select(Document.id).where(
            Document.id.in_([id_ for id_ in named if isinstance(id_, int)]),
            Document.case_id == run.case.id,
            Document.organisation_id == run.actor.organisation_id,
        )
        if named and named - set(run.session.scalars(own)):
            text = Text(
                "有文件不属于本申请，请重新上传。", "A file does not belong to this case; please upload it again."
            )
            faults.append(FieldError(part.path, part.label, text))
    return faults


def _documents_at(data: Mapping[str, Any], path: str) -> set[int | str]:
    """What a file field names: its list, its list for each kind, or those of all rows of "orders[].files"."""
    head, _, below = path.partition("[].")
    value = _value_at(data, head)
    if below:
        rows = value if isinstance(value, list) else []
        return {id_ for row in rows for id_ in _documents_at(row, below)}
    lists = value.values() if isinstance(value, Mapping) else [value]
    return {id_ for ids in lists if isinstance(ids, list) for id_ in ids if isinstance(id_, int | str)}
