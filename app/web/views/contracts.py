"""Contracts: their parties read, sign and verify them; anybody logged in may check a file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for

from app.errors import ProductError
from app.texts import Text
from app.use_cases.administration.fresh_log_in import give_password, password_given_at
from app.use_cases.administration.log_in import LogInRefused
from app.use_cases.contracts.show_contract import open_document, show_contract
from app.use_cases.contracts.sign_contract import sign_contract
from app.use_cases.contracts.verify_contract import MAX_BYTES, verify_contract, verify_document
from app.web.addresses import row_number
from app.web.menu import is_borrower
from app.web.pages.contract_pages import CheckPage, check_lines, contract_page, verdict_of
from app.web.security import limiter
from app.web.session import actor, logged_in, whose_act
from app.web.session import token as session_token
from app.web.texts import language
from app.web.views.documents import PDF_POLICY

blueprint = Blueprint("contracts", __name__)
ACT_LIMIT = "60 per minute"  # each act costs a tenth of a second or more


@blueprint.get("/contracts/<number>")
@logged_in
def show(number: str) -> Any:
    """The contract, who has signed it, and what a check of its signatures says now."""
    return _page(number, None)


@blueprint.get("/contracts/<number>/document")
@logged_in
def document(number: str) -> Any:
    """The PDF as it stands, opened in the browser."""
    content = open_document(actor(), number)
    answer = send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{number}.pdf")
    answer.headers["Content-Security-Policy"] = PDF_POLICY
    return answer


@blueprint.post("/contracts/<number>/sign")
@logged_in
@limiter.limit(ACT_LIMIT, key_func=whose_act)
def sign(number: str) -> Any:
    """Signs; a password that comes with it is checked first and makes the log-in fresh."""
    token = session_token()
    assert token is not None, "somebody is logged in"
    given = request.form.get("password", "")
    try:
        given_at = give_password(token, given, request.remote_addr or "") if given else password_given_at(token)
        signed = sign_contract(actor(), number, logged_in_at=given_at)
    except LogInRefused:
        return _page(number, Text("密码不正确，没有签署。", "The password is not right; nothing was signed.")), 422
    done = Text("已签署，全部各方已签，合同生效。", "Signed. Everybody has signed: the contract is in force.")
    waiting = Text("已签署，等待其他方签署。", "Signed. The other parties are still to sign.")
    flash((done if signed.in_force else waiting).of(language()), "done")
    return redirect(_after_signing(number))


def _after_signing(number: str) -> str:
    """Who came from a task goes on with work: a firm to its application, others to the inbox."""
    if not request.form.get("task"):
        return url_for("contracts.show", number=number)
    if is_borrower(actor()):
        return url_for("applications.progress", case_number=show_contract(actor(), number).case_number)
    return url_for("tasks.inbox")


@blueprint.get("/contracts/verify")
@logged_in
def verify() -> Any:
    """The page that takes a file to check."""
    return render_template("contracts/verify.html", page=CheckPage(None, None, (), None, ""))


@blueprint.post("/contracts/verify")
@logged_in
@limiter.limit(ACT_LIMIT, key_func=whose_act)
def verify_file() -> Any:
    """Checks the file that was sent; it is not kept."""
    file = request.files.get("document")
    content = file.read(MAX_BYTES + 1) if file else b""
    name = (file.filename or "")[:200] if file else ""
    try:
        page = _checked(content, name)
    except ProductError as error:
        page = CheckPage(error.text, None, (), None, name)
    return render_template("contracts/verify.html", page=page), 422 if page.error else 200


def _checked(content: bytes, name: str) -> CheckPage:
    if not content:
        raise ProductError("请选择一份 PDF 文件。", "Please choose a PDF file.")
    if len(content) > MAX_BYTES:
        raise ProductError("文件超过 10 MB。", "The file is larger than 10 MB.")
    found = verify_document(content)
    return CheckPage(None, verdict_of(found.verdict), check_lines(found.signatures), found.number, name)


def _page(number: str, error: Text | None) -> str:
    detail = show_contract(actor(), number)
    token = session_token()
    given_at = password_given_at(token) if token and detail.line.to_sign else None
    return render_template(
        "contracts/show.html",
        page=contract_page(actor(), detail, verify_contract(actor(), number), given_at, error, from_task=_from_task()),
    )


def _from_task() -> str:
    """The number of the task that led here, "" where none did."""
    task_id = row_number(request.values.get("task", ""))
    return str(task_id) if task_id is not None else ""
