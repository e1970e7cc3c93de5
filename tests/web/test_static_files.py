"""Static files are kept by browsers as long as their content is the same."""

from __future__ import annotations

import re

from flask import Flask

KEPT = "public, max-age=31536000, immutable"


def test_a_page_names_static_files_by_their_content_and_they_may_be_kept(app: Flask) -> None:
    client = app.test_client()
    addresses = set(re.findall(r'"(/static/[^"#]+)', client.get("/login").text))
    assert len(addresses) > 10 and all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in addresses)
    assert {client.get(address).headers["Cache-Control"] for address in addresses} == {KEPT}


def test_an_address_of_other_content_is_asked_for_again(app: Flask) -> None:
    client = app.test_client()
    for address in ("/static/base.css", "/static/base.css?v=000000000000"):
        assert client.get(address).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/none.css?v=000000000000").status_code == 404
