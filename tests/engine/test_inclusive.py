"""Inclusive gateways: which flows are taken, and for which branches their join waits."""

from __future__ import annotations

from app.engine import Release
from tests.engine.diagrams import (
    END,
    START,
    begin,
    boundary,
    complete,
    element,
    flows,
    release,
    timer,
    user,
)
from tests.engine.test_gateways import both, exclusive, parallel


def inclusive(key: str, default: str = "") -> str:
    return element("inclusiveGateway", key, **({"default": default} if default else {}))


def fan(condition_b: str) -> Release:
    return release(
        START,
        inclusive("split", "split_c"),
        user("a"),
        user("b"),
        user("c"),
        inclusive("join"),
        user("d"),
        END,
        flows(
            "start>split",
            "split>a",
            "split>b",
            "split>c",
            "a>join",
            "b>join",
            "c>join",
            "join>d",
            "d>end",
            split_a="= n > 0",
            split_b=condition_b,
        ),
    )


def test_an_inclusive_gateway_takes_every_true_flow_and_its_join_waits_for_just_those() -> None:
    of = fan("= n > 1")
    first = begin(of, n=2)
    assert first.waiting_at == ("a", "b")
    second = both(of, first, "a")
    assert second.waiting_at == ("b",)
    assert both(of, second, "b", first).waiting_at == ("d",)


def test_an_inclusive_join_goes_on_alone_where_one_branch_was_taken() -> None:
    of = fan("= n > 1")
    assert complete(of, begin(of, n=1), "a").waiting_at == ("d",)


def test_an_inclusive_gateway_takes_its_default_where_nothing_is_true() -> None:
    assert begin(fan("= n > 1"), n=0).waiting_at == ("c",)


def test_an_inclusive_join_waits_for_a_branch_that_may_still_come_by_a_boundary_event() -> None:
    of = release(
        START,
        parallel("split"),
        user("a"),
        user("b"),
        boundary("late", "b", timer("PT1H"), False),
        END,
        user("c"),
        inclusive("join"),
        element("endEvent", "other"),
        flows("start>split", "split>a", "split>b", "a>join", "late>join", "b>other", "join>c", "c>end"),
    )
    first = begin(of)
    second = both(of, first, "a")
    assert second.waiting_at == ("b",)
    assert both(of, second, "b", first).waiting_at == ("c",)


def test_an_inclusive_join_does_not_wait_for_a_branch_that_may_as_well_come_where_one_has_come() -> None:
    of = release(
        START,
        parallel("split"),
        user("a"),
        user("b"),
        exclusive("m"),
        exclusive("g", "g_join"),
        inclusive("join"),
        user("d"),
        END,
        flows(
            "start>split", "split>a", "split>b", "a>m", "b>g", "g>m", "m>join", "g>join", "join>d", "d>end", g_m="= x"
        ),
    )
    assert both(of, begin(of, x=True), "a").waiting_at == ("b", "d")
