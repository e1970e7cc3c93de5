"""Static files under addresses that change with their content, so that a browser keeps them as long as they hold."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.security import safe_join

DIGEST_CHARACTERS = 12
KEPT = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Adds ?v=<hash> to every static address; only with the right one an answer may be kept for a year."""
    folder = str(app.static_folder)

    @cache
    def digest(filename: str) -> str | None:
        path = safe_join(folder, filename)
        if path is None or not Path(path).is_file():
            return None
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:DIGEST_CHARACTERS]

    @app.url_defaults
    def _version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", digest(values["filename"]))

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            right = request.args.get("v") == digest((request.view_args or {})["filename"])
            response.headers["Cache-Control"] = KEPT if right else "no-cache"
        return response
