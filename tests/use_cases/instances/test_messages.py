"""Messages by Camunda's rule: once a process, early ones are kept for a while, starts happen once, keys keep apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.waiting import BufferedMessage
from app.use_cases import dispatch
from app.use_cases.instances.advance import MESSAGE_TIME_TO_LIVE
from app.use_cases.instances.start_instance import start_instance
from tests.desk import FIRM, OTHER_FIRM, REVIEWER, Desk
from tests.engine.diagrams import END, MESSAGE, OPENED, START, element, flows, line, process
from tests.use_cases.small_processes import NOW, instance, publish_drawings, row, send, start, straight, task
from tests.use_cases.tasks.races import at_once

CATCH = element("intermediateCatchEvent", "p2", inner=MESSAGE, name="已付款")


def waits(key: str = "waits") -> str:
    """A process in which a person does something, and then the message Paid is waited for."""
    return straight(key, task("p1"), CATCH)


def do_task(desk: Desk, instance_id: int) -> None:
    number = instance(desk, instance_id).business_key
    (mine,) = [one for one in desk.open_tasks(number) if one.instance_id == instance_id]
    desk.complete_task(REVIEWER, mine.id, {})


def at_the_catch(desk: Desk, number: str, key: str = "waits", round_: int = 1) -> int:
    instance_id = start(desk, key, number, round=round_)
    do_task(desk, instance_id)
    return instance_id


def statuses(desk: Desk, *ids: int) -> list[str]:
    return [instance(desk, one).status for one in ids]


def buffered(desk: Desk) -> int:
    with desk.app.app_context(), reading() as session:
        return session.query(BufferedMessage).count()


def test_an_early_message_waits_for_its_subscription(desk: Desk) -> None:
    publish_drawings(desk, waits())
    number = desk.start()
    instance_id = start(desk, "waits", number)
    send(desk, "Paid", number)
    desk.work()
    kept = buffered(desk)

    do_task(desk, instance_id)
    desk.work()

    assert kept == 1 and buffered(desk) == 0
    assert statuses(desk, instance_id) == ["completed"]


def test_an_early_message_is_not_kept_for_ever(desk: Desk) -> None:
    publish_drawings(desk, waits())
    number = desk.start()
    with clock.fixed_at(NOW):
        instance_id = start(desk, "waits", number)
        send(desk, "Paid", number)
        desk.work()

    with clock.fixed_at(NOW + MESSAGE_TIME_TO_LIVE + timedelta(seconds=1)):
        do_task(desk, instance_id)
        desk.work()

    assert statuses(desk, instance_id) == ["active"]


def test_an_early_message_is_spent_on_the_first_who_subscribes(desk: Desk) -> None:
    publish_drawings(desk, waits())
    number = desk.start()
    send(desk, "Paid", number)
    desk.work()

    first, second = at_the_catch(desk, number), at_the_catch(desk, number, round_=2)
    desk.work()

    assert statuses(desk, first, second) == ["completed", "active"]


def test_a_message_goes_to_one_instance_of_a_process(desk: Desk) -> None:
    publish_drawings(desk, waits())
    number = desk.start()
    first, second = at_the_catch(desk, number), at_the_catch(desk, number, round_=2)

    send(desk, "Paid", number)
    desk.work()

    assert statuses(desk, first, second) == ["completed", "active"]


def test_a_message_goes_to_every_process_that_waits_for_it(desk: Desk) -> None:
    publish_drawings(desk, waits(), waits("waits_too"))
    number = desk.start()
    first, second = at_the_catch(desk, number), at_the_catch(desk, number, "waits_too")

    send(desk, "Paid", number)
    desk.work()

    assert statuses(desk, first, second) == ["completed", "completed"]


def test_the_key_of_another_case_reaches_nobody(desk: Desk) -> None:
    publish_drawings(desk, waits())
    instance_id = at_the_catch(desk, desk.start(FIRM))

    send(desk, "Paid", desk.start(OTHER_FIRM))
    desk.work()

    assert statuses(desk, instance_id) == ["active"]


def opened_by_message() -> str:
    begin = element("startEvent", "start", inner=OPENED, name="开启")
    return process(begin, task("p1"), END, line("start", "p1", "end"), key="opened")


def runs(desk: Desk, number: str) -> list[str]:
    return [one.round for one in desk.instances(number) if one.process_key == "opened"]


def test_a_start_message_that_comes_twice_starts_once(desk: Desk) -> None:
    publish_drawings(desk, opened_by_message())
    number = desk.start()
    for _ in range(2):
        send(desk, "Opened", number, case_number=number, round=1)
    desk.work()

    assert runs(desk, number) == ["1"]


def test_a_start_message_of_the_next_round_starts_again(desk: Desk) -> None:
    publish_drawings(desk, opened_by_message())
    number = desk.start()
    for round_ in (1, 2):
        send(desk, "Opened", number, case_number=number, round=round_)
        desk.work()

    assert runs(desk, number) == ["1", "2"] and desk.case(number).round == 2


def test_a_start_message_with_a_key_that_is_no_case_starts_nothing_and_is_kept(desk: Desk) -> None:
    publish_drawings(desk, opened_by_message())
    number = desk.start()

    send(desk, "Opened", "LN209901010001", case_number="LN209901010001", round=1)
    desk.work()

    assert runs(desk, number) == [] and desk.incidents(number) == []
    assert buffered(desk) == 1


def test_two_start_messages_at_the_same_instant_start_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    publish_drawings(desk, opened_by_message())
    number = desk.start()
    rows = [send(desk, "Opened", number, case_number=number, round=1) for _ in range(4)]

    def run(row_id: int) -> bool:
        with desk.app.app_context():
            return dispatch.run_outbox_row(row_id)

    results = at_once(*(lambda row_id=row_id: run(row_id) for row_id in rows))

    assert results == [True] * 4
    assert runs(desk, number) == ["1"]


def test_a_message_that_comes_while_its_subscription_is_being_written_is_not_lost(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    publish_drawings(desk, straight("listens", CATCH.replace('"p2"', '"p1"')))
    number = desk.start()
    row_id = send(desk, "Paid", number)

    def deliver() -> bool:
        with desk.app.app_context():
            return dispatch.run_outbox_row(row_id)

    with ThreadPoolExecutor(1) as pool, desk.app.app_context():
        with unit_of_work() as session:
            case = session.query(LoanCase).filter_by(number=number).one()
            started = start_instance(session, case, "listens", {"case_number": number, "round": 1}, clock.moment())
            delivery = pool.submit(deliver)
            sleep(0.3)  # the other unit is now where only this one's end lets it go on
        assert delivery.result()
    desk.work()

    assert started is not None and statuses(desk, started.id) == ["completed"]


def test_a_message_whose_receiver_cannot_go_on_stays_an_incident_until_it_is_retried(desk: Desk) -> None:
    way = element("exclusiveGateway", "way", default="way_end")
    drawn = flows("start>p1", "p1>p2", "p2>way", "way>end", "way>other", "other>end", way_other="=amount > 1")
    publish_drawings(desk, process(START, task("p1"), CATCH, way, task("other"), END, drawn, key="waits"))
    instance_id = at_the_catch(desk, desk.start())
    row_id = send(desk, "Paid", instance(desk, instance_id).business_key)

    desk.work()

    with desk.app.app_context(), reading() as session:
        (incident,) = session.query(Incident).filter_by(outbox_id=row_id)
    assert (incident.element_id, row(desk, row_id).state) == ("way", "failed")
    assert statuses(desk, instance_id) == ["active"] and instance(desk, instance_id).waiting_at == "p2"
