"""Uploads as tests make them: the files in force with a change, and the two analysts of the demo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import orjson

from app.use_cases.definitions.keep_draft import Upload, upload_draft
from app.use_cases.definitions.publish import Published
from app.use_cases.definitions.publish_draft import publish_draft
from tests.desk import Desk

ANALYST, SECOND_ANALYST = "qin.lan", "mu.chen"
PROJECT = Path(__file__).parents[3]
INTAKE, REVIEW = "processes/loan_intake.bpmn", "processes/initial_review.bpmn"
APPLICATION, GRACE = "forms/working-capital-application.form", "rules/grace_days.dmn"
GRACE_EXAMPLES = "rules/grace_days.tests.json"
RATING, RATING_EXAMPLES = "rules/rating.dmn", "rules/rating.tests.json"


def shipped(path: str) -> bytes:
    """A file of the product, as "processes/x.bpmn"."""
    return (PROJECT / path).read_bytes()


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """An upload of one shipped file with one text changed."""
    content = shipped(path)
    assert old.encode() in content
    return {path.rpartition("/")[2]: content.replace(old.encode(), new.encode())}


def stricter(score: int) -> dict[str, bytes]:
    """The rating table and its examples with the nearest bound just above a score, which falls into the grade below."""
    table, examples = shipped(RATING).decode(), orjson.loads(shipped(RATING_EXAMPLES))
    bounds = {int(number) for number in re.findall(r"(?:&gt;= |\[|\.\.)(\d+)", table)}
    nearest, bound = max(bound for bound in bounds if bound <= score), score + 1
    for old, new in (
        (f"&gt;= {nearest}<", f"&gt;= {bound}<"),
        (f"[{nearest}..", f"[{bound}.."),
        (f"..{nearest})", f"..{bound})"),
    ):
        table = table.replace(old, new)
    for example in examples["examples"]:
        if nearest <= (example["inputs"]["score"] or 0) < bound:
            example["inputs"]["score"] = bound
    return {"rating.dmn": table.encode(), "rating.tests.json": orjson.dumps(examples)}


def renamed_step() -> dict[str, bytes]:
    return changed(INTAKE, 'name="上传资料"', 'name="上传全部资料"')


def uploaded(desk: Desk, files: Mapping[str, bytes], login: str = ANALYST, note: str = "业务要求") -> Upload:
    actor = desk.actor(login)
    with desk.app.app_context():
        return upload_draft(actor, files, note)


def draft_of(desk: Desk, files: Mapping[str, bytes], login: str = ANALYST) -> int:
    """The draft that an upload became."""
    upload = uploaded(desk, files, login)
    assert upload.draft_id is not None, [one.problems for one in upload.checked.files]
    return upload.draft_id


def published(desk: Desk, draft_id: int, login: str = SECOND_ANALYST) -> list[Published]:
    actor = desk.actor(login)
    with desk.app.app_context():
        return publish_draft(actor, draft_id)
