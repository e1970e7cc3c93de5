"""Decision records: read on a page, issued as a file that is kept, and opened again."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for

from app.texts import LANGUAGES, Text
from app.use_cases.records.issue_record import issue_record
from app.use_cases.records.show_record import open_issued, show_record
from app.web.pages.record_page import is_hash, record_page
from app.web.security import limiter
from app.web.session import actor, logged_in, whose_act
from app.web.texts import language
from app.web.views.documents import PDF_POLICY

blueprint = Blueprint("records", __name__)
ISSUE_LIMIT = "20 per minute"  # a file takes half a second to make


@blueprint.get("/cases/<case_number>/record")
@logged_in
def show(case_number: str) -> Any:
    """The whole record, made anew of what is stored, and the files that were issued of it."""
    g.nav_key = "cases"
    return render_template("cases/record.html", page=record_page(show_record(actor(), case_number)), is_hash=is_hash)


@blueprint.post("/cases/<case_number>/record")
@logged_in
@limiter.limit(ISSUE_LIMIT, key_func=whose_act)
def issue(case_number: str) -> Any:
    """Makes the PDF in the chosen language, keeps it and notes its hash in the audit log."""
    chosen = request.form.get("language", "")
    sha256 = issue_record(actor(), case_number, chosen if chosen in LANGUAGES else LANGUAGES[0])
    done = Text(
        f"已出具，文件哈希 {sha256[:16]}… 已记入审计日志。", f"Issued; its hash {sha256[:16]}… is in the audit log."
    )
    flash(done.of(language()), "done")
    return redirect(url_for("records.show", case_number=case_number))


@blueprint.get("/cases/<case_number>/record/document/<sha256>")
@logged_in
def document(case_number: str, sha256: str) -> Any:
    """A file that was issued, byte for byte."""
    content = open_issued(actor(), case_number, sha256)
    answer = send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{case_number}-{sha256[:8]}.pdf")
    answer.headers["Content-Security-Policy"] = PDF_POLICY
    return answer
