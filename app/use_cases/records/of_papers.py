"""The last sections: notices that were sent, files with their hashes, and where the audit log then stood."""

from __future__ import annotations

from itertools import groupby

from app.storage.notifications import Notification
from app.storage.past_names import ROLE
from app.texts import Text
from app.use_cases.administration.audit_words import act_words
from app.use_cases.cases.document_names import document_names
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import Fact, Facts, Grid, Part, Section, Words, heads, moment, part, said

PLATFORM = Text("平台", "The platform")


def notices_of(rows: CaseRows) -> Section:
    """Every notice in full with whom it went to, in both languages as it was stored."""
    parts = tuple(
        Part(_whom(rows, one), moment(one.at), (Words(Text("内容", "Text"), Text(one.text_zh, one.text_en)),))
        for one in rows.notices
    )
    return Section("notices", Text("通知", "Notices"), parts)


def _whom(rows: CaseRows, one: Notification) -> Text:
    name = rows.organisation(one.organisation_id, one.at)
    to = rows.person(one.person_id, one.at) if one.person_id else None
    if to is None and one.role_key:
        to = rows.names.then(ROLE, one.role_key, one.at)
    return Text(f"{name.zh}：{to.zh}", f"{name.of('en')}: {to.of('en')}") if to else name


def documents_of(rows: CaseRows) -> Section:
    """Every file that was given, with the SHA-256 under which it is kept."""
    names = document_names(rows.file)
    lines = tuple(
        (
            names.get(one.kind, Text(one.kind)),
            Text(one.filename),
            Text(f"{one.size:,}"),
            Text(str(one.round)),
            rows.who(one.person_id, one.organisation_id, rows.task(one.task_id), one.at),
            moment(one.at),
            Text(one.sha256),
        )
        for one in rows.file.documents
    )
    titles = heads(
        ("资料", "Document"),
        ("文件名", "File"),
        ("字节", "Bytes"),
        ("轮次", "Round"),
        ("提供人", "Given by"),
        ("时间", "Time"),
        ("文件哈希", "Hash of the file"),
    )
    grid = Grid(titles, lines, (3, 3, 2, 1, 4, 3, 5), (2,))
    return Section("documents", Text("资料", "Documents"), (part(grid),) if lines else ())


def audit_of(rows: CaseRows) -> Section:
    """For each chain of the audit log its last act on this case, whose hash covers all that came before it there."""
    parts = []
    for organisation_id, entries in groupby(rows.audit, key=lambda one: one.organisation_id):
        found = list(entries)
        last = found[-1]
        facts = (
            Fact(Text("与本案有关的条数", "Entries about this case"), Text(str(len(found)))),
            Fact(Text("最后一条的序号", "Number of the last"), Text(str(last.sequence))),
            Fact(Text("最后一条", "The last"), act_words(last.verb)),
            Fact(Text("办理人", "By"), rows.person(last.person_id, last.at)),
            Fact(Text("时间", "Time"), moment(last.at)),
            Fact(Text("哈希", "Hash"), said(last.hash)),
        )
        name = rows.organisation(organisation_id, last.at) if organisation_id else PLATFORM
        title = Text(f"{name.zh}的审计链", f"Audit chain of {name.of('en')}")
        parts.append(Part(title, Text(""), (Facts(facts),)))
    return Section("audit", Text("审计日志中的位置", "Place in the audit log"), tuple(parts))
