"""Documents, given only to those who may see them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, send_file

from app.use_cases.documents.open_document import open_document
from app.web.session import actor, logged_in

blueprint = Blueprint("documents", __name__)
FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
# a browser's own PDF viewer does not start in a sandboxed page
PDF_POLICY = "script-src 'none'; object-src 'self'; base-uri 'none'; frame-ancestors 'none'"
SHOWN_IN_PLACE = ("application/pdf", "image/jpeg", "image/png")


@blueprint.get("/documents/<int:document_id>")
@logged_in
def show(document_id: int) -> Any:
    """The file; pictures and PDF open in the browser, everything else is saved."""
    opened = open_document(actor(), document_id)
    answer = send_file(
        BytesIO(opened.content),
        mimetype=opened.media_type,
        as_attachment=opened.media_type not in SHOWN_IN_PLACE,
        download_name=opened.filename,
    )
    answer.headers["Content-Security-Policy"] = PDF_POLICY if opened.media_type == "application/pdf" else FILE_POLICY
    return answer
