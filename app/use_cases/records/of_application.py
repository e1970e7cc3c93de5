"""The first sections: the case itself, what the firm applied for, and what each round changed."""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy.orm import Session

from app.forms import Form
from app.plain import Plain
from app.storage.cases import LoanCase
from app.texts import Text
from app.use_cases.applications.milestones import milestone
from app.use_cases.cases.case_file import Answered
from app.use_cases.contracts.kinds import CAPACITIES
from app.use_cases.definitions.load_release import load_release
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import (
    DASH,
    Block,
    Fact,
    Facts,
    Grid,
    Part,
    Section,
    fact,
    fingerprint,
    heads,
    moment,
    part,
    said,
    yuan,
)

CHANNELS = {"online": Text("线上自助", "online"), "import": Text("批量导入", "imported")}
OTHERS = {"platform": Text("平台", "Platform"), "appraiser": Text("评估方", "Appraiser")}
BY_STAFF = Text("客户经理代录入", "entered by staff")


def product_of(rows: CaseRows) -> Text:
    """The product as its application form called it when it was filled in; its key before anything was submitted."""
    given = rows.file.applications()
    if not given:
        return Text(rows.case.product_key)
    form = given[-1].form
    return Text(
        form.properties.get("product_name_zh", form.name.zh), form.properties.get("product_name_en", form.name.en)
    )


def head_of(session: Session, rows: CaseRows) -> Section:
    """What the case is, where it stands, who takes part, and which versions of the processes it ran on."""
    case = rows.case
    state = milestone(case.milestone).name
    facts = (
        fact("申请编号", "Case", case.number),
        fact("产品", "Product", product_of(rows)),
        fact("申请企业", "Applicant", case.applicant_name),
        fact("渠道", "Channel", CHANNELS.get(case.channel, BY_STAFF)),
        fact("建立", "Opened", moment(case.created_at)),
        fact("建立人", "Opened by", rows.person(case.created_by, case.created_at)),
        fact("申请金额", "Requested", yuan(case.amount)),
        fact("期限", "Term", _months(case.term_months)),
        fact("评分", "Score", str(case.score) if case.score is not None else None),
        fact("评级", "Rating", case.rating),
        fact("状态", "Standing", state),
        fact("状态时间", "Standing since", moment(case.milestone_at)),
        *_earlier(session, case),
    )
    blocks: list[Block] = [Facts(facts), _parties(rows), _rounds(rows), _processes(session, rows)]
    return Section("head", Text("案件", "The case"), (part(*(one for one in blocks if _holds(one))),))


def _earlier(session: Session, case: LoanCase) -> tuple[Fact, ...]:
    if case.previous_case_id is None:
        return ()
    return (fact("上一件申请", "Earlier case", session.get_one(LoanCase, case.previous_case_id).number),)


def _months(months: int | None) -> Text:
    return DASH if months is None else Text(f"{months} 个月", f"{months} months")


def _holds(block: Block) -> bool:
    return not isinstance(block, Grid) or bool(block.rows)


def _parties(rows: CaseRows) -> Grid:
    at = rows.case.created_at
    found = sorted(rows.file.parties.items())
    return Grid(
        heads(("身份", "Capacity"), ("机构", "Organisation"), ("统一社会信用代码", "Credit code")),
        tuple(
            (
                (CAPACITIES | OTHERS).get(capacity, Text(capacity)),
                rows.organisation(id_, at),
                said(rows.file.organisations[id_].unified_social_credit_code),
            )
            for capacity, id_ in found
        ),
        (2, 5, 3),
        title=Text("当事人", "Parties"),
    )


def _rounds(rows: CaseRows) -> Grid:
    return Grid(
        (
            Text("轮次", "Round"),
            Text("提交", "Submitted"),
            Text("提交人", "By"),
            Text("数据指纹", "Fingerprint of the data"),
        ),
        tuple(
            (
                Text(str(one.answer.round)),
                moment(one.answer.at),
                rows.who(one.answer.person_id, one.answer.organisation_id, one.task, one.answer.at),
                fingerprint(one.answer.data),
            )
            for one in rows.file.applications()
        ),
        (1, 3, 4, 4),
        title=Text("各轮申请", "Rounds"),
    )


def _processes(session: Session, rows: CaseRows) -> Grid:
    """Each run with the hash of its release, which names diagram, forms and tables by their content."""
    return Grid(
        (
            Text("流程", "Process"),
            Text("轮次", "Round"),
            Text("开始", "Began"),
            Text("结束", "Ended"),
            Text("发布版本", "Release"),
        ),
        tuple(
            (
                load_release(session, one.release_id).facts.name,
                Text(one.round),
                moment(one.started_at),
                moment(one.ended_at),
                Text(one.release_id),
            )
            for one in rows.instances
        ),
        (3, 1, 3, 3, 6),
        title=Text("流程与版本", "Processes and their versions"),
    )


def application_of(rows: CaseRows) -> Section:
    """The newest application by the groups of its form, then what each round changed, in words."""
    given = rows.file.applications()
    parts = []
    if given:
        newest = given[-1]
        note = Text(
            f"第 {newest.answer.round} 轮，由申请人填报", f"Round {newest.answer.round}, as the applicant stated it"
        )
        parts.append(Part(Text("申请资料", "As submitted"), note, facts_of(newest.form, newest.answer.data)))
    parts += [_changes(before, after) for before, after in pairwise(given)]
    return Section("application", Text("申请与各轮改动", "The application and its rounds"), tuple(parts))


def _changes(before: Answered, after: Answered) -> Part:
    first, second = before.answer.round, after.answer.round
    rows = tuple(
        (one.label, one.before, one.after, one.sentence)
        for one in after.form.diff(before.answer.data, after.answer.data)
    )
    titles = heads(("项目", "Item"), ("原为", "Before"), ("改为", "After"), ("说明", "In words"))
    said_so = Text(f"{len(rows)} 处改动", f"{len(rows)} changes") if rows else Text("没有改动", "no change")
    blocks = (Grid(titles, rows, (3, 3, 3, 6)),) if rows else ()
    return Part(Text(f"第 {first} 轮到第 {second} 轮", f"From round {first} to round {second}"), said_so, blocks)


def facts_of(form: Form, data: dict[str, Plain]) -> tuple[Facts, ...]:
    """A form's answers under its own labels, personal numbers masked as they are stored."""
    both = zip(form.read(data, "zh"), form.read(data, "en"), strict=True)
    return tuple(
        Facts(
            tuple(
                Fact(label, Text(zh, en if en != zh else ""))
                for (label, zh), (_label, en) in zip(chinese, english, strict=True)
            ),
            title,
        )
        for (title, chinese), (_title, english) in both
        if chinese
    )
