"""My account, and the first password that shuts every other page."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import update

from app.storage.database import unit_of_work
from app.storage.people import Person
from app.use_cases.administration.sessions import token_hash
from tests.desk import FIRM, OPERATOR, REVIEWER, Desk
from tests.web.routes import ANYBODY, ROUTES
from tests.web.visitor import Visitor, words

Visit = Callable[..., Visitor]
PASSWORD, NEW = "demo-2026", "nine brown herons"
OPEN = {"auth.choose", "auth.act_as", "account.first_password", "account.change"}


def with_first_password(desk: Desk, login: str) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Person).where(Person.login == login).values(must_change_password=True))


def entered(present: str = PASSWORD, new: str = NEW, repeated: str = NEW, **more: str) -> dict[str, str]:
    return {"present": present, "new": new, "repeated": repeated, **more}


def test_a_first_password_leads_every_address_to_the_page_that_changes_it(desk: Desk, visit: Visit) -> None:
    with_first_password(desk, OPERATOR)
    visitor, wrong = visit(OPERATOR), []
    places = dict.fromkeys(("case", "task", "document", "incident", "contract", "loan", "alarm", "funder"), 1)
    for (method, endpoint), route in ROUTES.items():
        if route.who == ANYBODY or endpoint in OPEN:
            continue
        path = re.sub(r"{(\w+)}", lambda found: str(places.get(found[1], 1)), route.path)
        got = visitor.post(path) if method == "POST" else visitor.get(path)
        if got.status_code != 302 or "/account/password" not in got.location:
            wrong.append((method, endpoint, got.status_code))
    assert wrong == []


def test_the_page_comes_back_to_where_somebody_wanted_to_go(desk: Desk, visit: Visit) -> None:
    with_first_password(desk, OPERATOR)
    visitor = visit(OPERATOR)
    page = visitor.get("/loans?q=x", follow_redirects=True)
    assert "请设置自己的密码" in words(page) and 'value="/loans?q=x"' in page.text
    done = visitor.post("/account/password", entered(next="/loans?q=x"))
    assert (done.status_code, done.location) == (302, "/loans?q=x")
    assert visitor.get("/loans").status_code == 200


def test_the_page_leads_to_no_other_site(desk: Desk, visit: Visit) -> None:
    with_first_password(desk, OPERATOR)
    done = visit(OPERATOR).post("/account/password", entered(next="//evil.example/"))
    assert done.location == "/"


def test_a_refused_password_says_why_and_shows_none(desk: Desk, visit: Visit) -> None:
    with_first_password(desk, OPERATOR)
    page = visit(OPERATOR).post("/account/password", entered(new="demo-2026", repeated="demo-2026"))
    assert page.status_code == 422 and "不能与现在的密码相同" in words(page) and 'value="demo-2026"' not in page.text


def test_scripts_of_an_open_page_are_told_instead_of_sent_on(desk: Desk, visit: Visit) -> None:
    with_first_password(desk, REVIEWER)
    got = visit(REVIEWER).get("/inbox/counts", headers={"Accept": "application/json"})
    assert got.status_code == 403 and got.json == {"login": "/account/password"}


def test_everybody_has_an_account_page_in_their_own_frame(visit: Visit) -> None:
    for login in (FIRM, REVIEWER, OPERATOR):
        page = words(visit(login).get("/account"))
        assert "登录的地方" in page and "更改密码" in page
    assert "Where you are logged in" in words(visit(FIRM, language="en").get("/account"))


def test_a_password_is_changed_on_the_account_page(visit: Visit) -> None:
    visitor, away = visit(OPERATOR), visit(OPERATOR)
    assert visitor.post("/account/password", entered(present="wrong")).status_code == 422
    assert "密码已更改" in words(visitor.post("/account/password", entered(), follow_redirects=True))
    assert away.get("/account").status_code == 302


def test_one_or_all_other_sessions_end(visit: Visit) -> None:
    here, phone, tablet = visit(OPERATOR), visit(OPERATOR), visit(OPERATOR)
    [first, _second] = re.findall(r'name="session" value="(\w+)"', here.get("/account").text)
    here.post("/account/sessions/end", {"session": first})
    assert sorted(one.get("/account").status_code for one in (phone, tablet)) == [200, 302]
    here.post("/account/sessions/end-others")
    assert {one.get("/account").status_code for one in (phone, tablet)} == {302}
    assert here.get("/account").status_code == 200


def test_nobody_ends_another_persons_session_here_not_even_the_administrator(visit: Visit) -> None:
    victim = visit(OPERATOR)
    for login in (REVIEWER, "admin"):
        assert visit(login).post("/account/sessions/end", {"session": token_hash(victim.token)}).status_code == 404
    assert victim.get("/account").status_code == 200


def test_a_form_without_the_token_changes_nothing(visit: Visit) -> None:
    visitor = visit(OPERATOR)
    assert visitor.client.post("/account/password", data=entered()).status_code == 400
    assert visitor.client.post("/account/sessions/end-others").status_code == 400
