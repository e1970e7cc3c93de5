"""The demo's organisations and people."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum.cn import uscc

from app.storage.database import reading
from app.storage.organisations import Membership, Organisation
from app.storage.people import Person
from app.use_cases.administration.load_actor import load_actor
from app.use_cases.administration.log_in import log_in
from app.use_cases.demo.demo_accounts import demo_accounts, holds_demo
from app.use_cases.demo.load_demo import DemoRefused, load_demo


def test_every_demo_account_logs_in_with_the_password_that_is_shown(installation: Flask) -> None:
    load_demo()
    accounts = demo_accounts()
    one, two = accounts[0], next(account for account in accounts if "、" in account.organisation.zh)
    assert load_actor(log_in(one.account, one.password, "", "").token) is not None
    assert log_in(two.account, two.password, "", "").needs_choice


def test_a_second_load_is_refused_or_does_nothing(installation: Flask) -> None:
    assert load_demo(if_empty=True)
    assert not load_demo(if_empty=True)
    with pytest.raises(DemoRefused):
        load_demo()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == len(demo_accounts())


def test_production_takes_no_demo(installation: Flask) -> None:
    with pytest.raises(DemoRefused):
        load_demo(production=True)
    assert not holds_demo()


def test_a_database_shows_that_it_holds_the_demo(installation: Flask) -> None:
    assert not holds_demo() and demo_accounts() == ()
    load_demo()
    assert holds_demo() and len(demo_accounts()) > 20


def test_credit_codes_have_right_check_digits(installation: Flask) -> None:
    load_demo()
    with reading() as session:
        codes = [code for code in session.scalars(select(Organisation.unified_social_credit_code)) if code]
    assert len(codes) == 50 and all(uscc.is_valid(code) for code in codes)


def test_every_role_of_a_firm_or_bank_is_played_by_somebody(installation: Flask) -> None:
    load_demo()
    with reading() as session:
        played = set(session.scalars(select(Membership.role_key)))
    assert {"borrower", "customer_manager", "initial_reviewer", "second_reviewer", "review_lead"} <= played
    assert {"committee_member", "core_enterprise_confirmer", "operator", "administrator"} <= played
