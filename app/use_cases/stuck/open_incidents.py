"""Failed steps that wait for somebody, with their cause and what trying again means for each kind."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.storage import open_work
from app.storage.cases import LoanCase
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.stuck.element_names import element_name, process_name
from app.use_cases.stuck.stuck_work import MOST_OF_A_KIND, Stuck, Suggestion

RETRY = Text("再试一次", "Try again")
RETRIES = {"step": Text("已处理", "Settled"), "nobody": Text("已处理", "Settled")}
MORE = {
    "step": Text(
        "填写的内容存为草稿，改好定义后由办理人再提交。",
        "What was typed is kept as a draft; its person submits again once the cause is mended.",
    ),
    "nobody": Text("任务已不在。", "The task is gone."),
}


def open_incidents(session: Session) -> list[Stuck]:
    """Open incidents, oldest first, but those of a task that is listed because nobody can do it."""
    listed = exists().where(
        Incident.kind == "nobody",
        UserTask.instance_id == Incident.instance_id,
        UserTask.element_id == Incident.element_id,
        open_work.IS_OPEN,
    )
    query = (
        select(Incident, ProcessInstance, LoanCase)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(LoanCase, LoanCase.id == Incident.case_id)
        .where(Incident.resolved_at.is_(None), ~listed)
        .order_by(Incident.created_at, Incident.id)
        .limit(MOST_OF_A_KIND)
    )
    return [_stuck(session, incident, instance, case) for incident, instance, case in session.execute(query)]


def _stuck(session: Session, incident: Incident, instance: ProcessInstance | None, case: LoanCase | None) -> Stuck:
    more = MORE.get(incident.kind, Text(""))
    return Stuck(
        kind="incident",
        since=incident.created_at,
        what=element_name(session, instance, incident.element_id),
        whose=process_name(session, instance),
        why=Text(incident.cause_zh + more.zh, f"{incident.cause_en} {more.of('en')}".strip()),
        case_number=case.number if case else "",
        company=case.applicant_name if case else "",
        acts=(Suggestion(RETRIES.get(incident.kind, RETRY), act="retry", key=str(incident.id)),),
    )
