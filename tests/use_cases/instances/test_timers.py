"""Timers fire when they are due, oldest first; one whose step fails rests with an incident and holds up no other."""

from __future__ import annotations

from datetime import timedelta

from app.gateways import clock
from app.jobs import poller
from app.storage import waiting
from app.storage.database import reading
from app.use_cases.instances.retry_incident import retry_incident
from tests.desk import ADMINISTRATOR, FIRM, OTHER_FIRM, Desk
from tests.engine.diagrams import END, START, element, flows, process, timer
from tests.use_cases.lookups import told
from tests.use_cases.small_processes import NOW, instance, publish_drawings, start, straight, task

HOUR = timedelta(hours=1)


def after(key: str, hours: int) -> str:
    return element("intermediateCatchEvent", key, inner=timer(f"PT{hours}H"), name=f"{hours} 小时后")


def stuck() -> str:
    """After an hour a gateway asks whether a text is above one: a step that nobody can do."""
    way = element("exclusiveGateway", "way", default="way_end")
    other = task("other")
    drawn = flows("start>p1", "p1>way", "way>end", "way>other", "other>end", way_other="=amount > 1")
    return process(START, after("p1", 1), way, other, END, drawn, key="stuck")


def polled(desk: Desk, delta: timedelta) -> None:
    with clock.fixed_at(NOW + delta), desk.app.app_context():
        poller.poll_once()


def begun(desk: Desk, key: str, login: str = FIRM, **variables: object) -> tuple[str, int]:
    with clock.fixed_at(NOW):
        number = desk.start(login)
        return number, start(desk, key, number, **variables)


def test_a_timer_does_not_fire_before_its_time(desk: Desk) -> None:
    publish_drawings(desk, straight("slow", after("p1", 1)))
    _, instance_id = begun(desk, "slow")

    polled(desk, HOUR - timedelta(seconds=1))

    assert instance(desk, instance_id).status == "active"


def test_a_timer_fires_once_its_time_has_come(desk: Desk) -> None:
    publish_drawings(desk, straight("slow", after("p1", 1)))
    _, instance_id = begun(desk, "slow")

    polled(desk, HOUR)

    assert instance(desk, instance_id).status == "completed"


def test_the_most_overdue_instance_is_first(desk: Desk) -> None:
    publish_drawings(desk, straight("slow", after("p1", 3)), straight("quick", after("p1", 1)))
    _, slow = begun(desk, "slow")
    _, quick = begun(desk, "quick", OTHER_FIRM)

    with desk.app.app_context(), reading() as session:
        due = waiting.due_instances(session, NOW + 4 * HOUR)

    assert due == [quick, slow]


def test_a_timer_whose_step_fails_rests_with_an_incident(desk: Desk) -> None:
    publish_drawings(desk, stuck())
    number, instance_id = begun(desk, "stuck", amount="viel")

    for minutes in (60, 61, 64):
        polled(desk, timedelta(minutes=minutes))

    (incident,) = desk.incidents(number)
    assert (incident.kind, incident.element_id) == ("timer", "way")
    assert incident.cause_zh and incident.cause_en and instance(desk, instance_id).status == "active"


def test_a_failing_timer_holds_up_no_other_instance(desk: Desk) -> None:
    publish_drawings(desk, stuck(), straight("slow", after("p1", 1)))
    begun(desk, "stuck", amount="viel")
    _, healthy = begun(desk, "slow", OTHER_FIRM)

    polled(desk, HOUR)

    assert instance(desk, healthy).status == "completed"


def test_a_retried_timer_fires_again_at_once(desk: Desk) -> None:
    publish_drawings(desk, stuck())
    number, _ = begun(desk, "stuck", amount="viel")
    polled(desk, HOUR)
    (first,) = desk.incidents(number)
    actor = desk.actor(ADMINISTRATOR)

    with clock.fixed_at(NOW + HOUR), desk.app.app_context():
        retry_incident(actor, first.id)
    polled(desk, HOUR)

    (again,) = desk.incidents(number)
    assert again.id != first.id


def test_a_firm_is_reminded_before_its_supplement_lapses(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = desk.at_confirmation()
        desk.complete("wu.tao", number, "confirm_payable", {"decision": "dispute", "confirmation_remark": "金额不符。"})
        before = told(desk, number, "qingxi")

    with clock.fixed_at(NOW + timedelta(days=7, hours=1)):
        desk.work()

    assert len(told(desk, number, "qingxi")) == len(before) + 1
    assert desk.waits_for(number, "supplement")


def test_an_overdue_review_is_escalated_and_stays_with_its_reviewer(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = desk.at_initial_review()
    allowed = desk.task(number, "initial_review").due_at - NOW

    with clock.fixed_at(NOW + 0.8 * allowed):
        desk.work()
    assert any("请初审人尽快办理" in text for text in told(desk, number, "zhijiang"))
    assert not any("超过时限" in text for text in told(desk, number, "zhijiang"))

    with clock.fixed_at(NOW + 1.5 * allowed - HOUR):
        desk.work()
    assert any("超过时限" in text for text in told(desk, number, "zhijiang"))
    assert desk.task(number, "initial_review").claimed_by is None and not desk.waits_for(number, "lead_decision")


def test_a_review_half_as_long_again_overdue_is_handed_to_the_lead(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        number = desk.at_initial_review()
    review = desk.task(number, "initial_review")

    with clock.fixed_at(NOW + 1.5 * (review.due_at - NOW)):
        desk.work()

    assert any("超过时限" in text for text in told(desk, number, "zhijiang"))
    assert desk.task(number, "lead_decision").claimed_by is None
    assert desk.task_row(review.id).state == "withdrawn" and desk.incidents(number) == []
