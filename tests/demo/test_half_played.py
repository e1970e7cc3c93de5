"""Somebody stops the product while it plays its demo for the first time."""

from __future__ import annotations

import pytest
from flask import Flask

from app.gateways import payments, sources
from app.use_cases.demo import play_demo
from app.use_cases.demo.load_demo import load_demo


def test_a_play_that_was_cut_off_is_known_and_leaves_the_ports_as_they_were(
    installation: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_demo()
    assert not play_demo.is_half_played()
    before = payments.current(), sources.current()

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(play_demo, "pay_instalment", stopped)
    monkeypatch.setattr(play_demo, "start_application", stopped)
    with pytest.raises(KeyboardInterrupt):
        play_demo.play_demo(installation.config["SETTINGS"])

    assert play_demo.is_half_played()
    assert (payments.current(), sources.current()) == before
