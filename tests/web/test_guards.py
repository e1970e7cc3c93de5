"""What guards every page: tokens, headers, cookies, sessions, log-in limits, and what is typed shown as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from app.gateways import clock
from app.storage.database import reading, unit_of_work
from app.storage.people import Person, WebSession
from app.use_cases.administration.log_in import MAX_FAILURES
from app.use_cases.administration.sessions import IDLE, LONGEST, token_hash
from app.web.session import safe_next
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.web.routes import ROUTES
from tests.web.visitor import TOKEN, Visitor, field, words

Visit = Callable[..., Visitor]
SMALL = {"requested_amount": "400000.00"}
NASTY = (
    "<script>alert(1)</script>\"' onfocus=alert(2) autofocus='</textarea></title><img src=x onerror=alert(3)>{{7*7}}"
)
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
)


def test_a_post_without_a_token_changes_nothing_and_says_so(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(**SMALL)
    case, task = desk.case(number), desk.task(number, "initial_review")
    places = defaultdict(lambda: "1", {"case": number, "task": str(task.id)})
    for login in (people.REVIEWER, people.FIRM, people.ADMINISTRATOR):
        visitor = visit(login)
        for (method, endpoint), route in ROUTES.items():
            if method == "POST":
                for data in ({}, {TOKEN: "made-up"}, {TOKEN: visit(people.OPERATOR).csrf}):
                    answer = visitor.client.post(route.path.format_map(places), data=data)
                    assert answer.status_code in (302, 400), endpoint
                    assert answer.status_code == 400 or "/login" in answer.location, endpoint
    assert desk.task_row(task.id).claimed_by is None and desk.case(number).milestone_at == case.milestone_at
    assert visit(people.REVIEWER).get("/inbox").status_code == 200


def test_every_answer_carries_the_headers_and_scripts_their_nonce(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    visitor = visit(people.REVIEWER)
    nonces = set()
    for path in ("/login", "/inbox", f"/tasks/{task.id}", f"/cases/{number}", "/nowhere", "/inbox/counts", "/messages"):
        answer = visitor.get(path)
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)
        assert nonce and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy and "*" not in policy, path
        nonces.add(nonce[1])
        assert set(re.findall(r"<script[^>]* nonce=\"([^\"]*)\"", answer.text)) <= {nonce[1]}, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store" and "Referrer-Policy" in answer.headers
    assert len(nonces) == 7


def test_a_document_cannot_run_scripts_and_keeps_its_name(desk: Desk, visit: Visit) -> None:
    number = desk.start()
    task = desk.open_tasks(number)[0]
    document_id = desk.upload(people.FIRM, task.id, filename='营业"执照;\u2028a=b.pdf')
    answer = visit(people.FIRM).get(f"/documents/{document_id}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Security-Policy"].startswith("script-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("inline") and "\n" not in disposition and "filename*=UTF-8''" in disposition


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leads_to_another_site(desk: Desk, visit: Visit, target: str) -> None:
    assert safe_next(target, "/") == "/"
    answer = visit().post("/language", {"language": "en", "next": target})
    assert answer.location == "/"
    assert visit(people.REVIEWER).get("/login", query_string={"next": target}).location == "/"


def test_next_leads_to_a_page_of_the_product() -> None:
    assert safe_next("/cases?q=清溪&page=2", "/") == "/cases?q=清溪&page=2"


def test_what_people_type_is_shown_as_text_everywhere(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(**SMALL, repayment_source=NASTY[:100])
    review = answers.INITIAL_SUPPLEMENT | {"opinion": NASTY * 2, "request": NASTY}
    desk.complete(people.REVIEWER, number, "initial_review", review)
    task = desk.task(number, "supplement")
    seen = [
        visit(people.FIRM).get(f"/tasks/{task.id}"),
        visit(people.FIRM).get(f"/applications/{number}"),
        visit(people.FIRM).post(f"/tasks/{task.id}/draft", {"answer": NASTY}, follow_redirects=True),
        visit(people.REVIEWER).get(f"/cases/{number}"),
        visit(people.REVIEWER).get("/cases", query_string={"q": NASTY, "state": NASTY, "product": NASTY}),
        visit(people.REVIEWER).get("/inbox", query_string={"q": NASTY, "scope": NASTY, "filter": NASTY, "sort": NASTY}),
        visit(people.REVIEWER).get("/login", query_string={"next": "/" + NASTY}, follow_redirects=True),
        visit().post("/login", {"account": NASTY, "password": "x"}),
        visit().get("/" + NASTY),
    ]
    for page in seen:
        assert planted(page.text) == [], page.request.path
    assert field(seen[2], "answer") == NASTY


def planted(html: str) -> list[str]:
    """Scripts without an address, and attributes that run something."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            found.extend(name for name in given if name.startswith("on") or name == "style")
            if (tag == "script" and "src" not in given) or given.get("src") == "x":
                found.append(tag)

    Reader().feed(html)
    return found


def test_a_nul_character_is_a_bad_request(desk_on_each_database: Desk) -> None:
    visitor = Visitor(desk_on_each_database, people.REVIEWER)
    assert visitor.get("/cases?q=%00").status_code == 400
    assert visitor.get("/cases/%00").status_code == 400
    assert visitor.post("/login", {"account": "a\0", "password": "b"}).status_code == 400


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk, visit: Visit) -> None:
    visitor = visit()
    answer = visitor.post("/login", {"account": people.REVIEWER, "password": "demo-2026"})
    assert answer.status_code == 302 and answer.location == "/"
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("loan_session="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("path", ["/language", "/theme"])
def test_what_a_browser_keeps_over_https_never_travels_without(desk: Desk, visit: Visit, path: str) -> None:
    answer = visit().post(path, base_url="https://localhost", headers={"Referer": "https://localhost/login"})
    assert answer.headers.getlist("Set-Cookie")
    assert all("; Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie") if "session" not in cookie)


def test_a_log_in_page_that_stood_open_too_long_still_leads_where_it_would(desk: Desk) -> None:
    stale = desk.app.test_client().post("/login", data={"account": people.FIRM, "next": "/messages"})
    assert stale.status_code == 302 and stale.location == "/login?next=/messages&expired=1"


def test_logging_out_ends_the_row_so_that_a_stolen_cookie_is_worth_nothing(desk: Desk, visit: Visit) -> None:
    visitor = visit(people.REVIEWER)
    stolen = visitor.client.get_cookie("loan_session")
    assert stolen is not None
    visitor.post("/logout")
    with desk.app.app_context(), reading() as session:
        assert session.get_one(WebSession, token_hash(visitor.token)).revoked_at is not None
    visitor.client.set_cookie("loan_session", stolen.value)
    assert "/login" in visitor.get("/inbox").location


@pytest.mark.parametrize("change", ["revoked", "idle", "old", "left", "barred"])
def test_a_session_ends_when_it_is_revoked_idle_old_or_its_person_is_gone(
    desk: Desk, visit: Visit, change: str
) -> None:
    visitor = visit(people.REVIEWER)
    assert visitor.get("/inbox").status_code == 200
    now = clock.real_now()
    with desk.app.app_context(), unit_of_work() as session:
        row = session.get_one(WebSession, token_hash(visitor.token))
        if change == "revoked":
            row.revoked_at = now
        elif change == "idle":
            row.seen_at = now - IDLE - timedelta(seconds=1)
        elif change == "old":
            row.created_at = now - LONGEST - timedelta(seconds=1)
        elif change == "left":
            row.organisation_id = desk.organisation("qiantang").id
        else:
            session.get_one(Person, row.person_id).active = False
    assert "/login" in visitor.get("/inbox").location


def test_a_long_text_that_comes_after_the_session_ended_is_shown_to_be_copied(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    visitor = visit(people.REVIEWER)
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(WebSession, token_hash(visitor.token)).revoked_at = clock.real_now()
    page = visitor.post(
        f"/tasks/{task.id}/complete",
        answers.INITIAL_PASS,
        headers={"Referer": f"http://localhost/tasks/{task.id}?tab=rules"},
    )
    assert page.status_code == 401
    assert answers.OPINION in words(page) and f"next=/tasks/{task.id}?tab%3Drules" in page.text.replace(
        "%3F", "?"
    ).replace("%2F", "/")
    assert visitor.csrf not in words(page)


def test_a_login_is_locked_after_wrong_passwords_and_says_nothing_of_who_exists(desk: Desk, visit: Visit) -> None:
    visitor = visit()
    told = set()
    for account in ("nobody.here", people.REVIEWER):
        page = visitor.post("/login", {"account": account, "password": "wrong"})
        assert page.status_code == 401 and field(page, "account") == account
        told.add(re.sub(r"\s+", " ", re.search(r'id="login-error".*?</div></div>', page.text)[0]))  # type: ignore[index]
    assert len(told) == 1
    with desk.app.app_context(), unit_of_work() as session:
        session.get_one(Person, desk.person(people.REVIEWER).id).failed_logins = MAX_FAILURES - 1
    for password in ("wrong", "demo-2026"):  # the sixth wrong one, and the right one for a login that is locked now
        page = visitor.post("/login", {"account": people.REVIEWER, "password": password})
        assert page.status_code == 401
        told.add(re.sub(r"\s+", " ", re.search(r'id="login-error".*?</div></div>', page.text)[0]))  # type: ignore[index]
    assert len(told) == 1 and "锁定 5 分钟" in words(page)


def test_guessing_from_one_address_is_slowed_down(desk: Desk, visit: Visit) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        person = session.get_one(Person, desk.person(people.REVIEWER).id)
        person.locked_until = clock.real_now() + timedelta(minutes=5)
    visitor = visit()
    seen = [visitor.post("/login", {"account": people.REVIEWER, "password": "x"}).status_code for _ in range(21)]
    assert seen.count(429) == 1 and seen[-1] == 429


def test_somebody_with_two_firms_chooses_and_sees_only_that_one(desk: Desk, visit: Visit) -> None:
    visitor = visit()
    answer = visitor.post("/login", {"account": people.FIRM_OF_TWO, "password": "demo-2026"})
    page = visitor.get(answer.location)
    assert "南浦纸业" in words(page) and "海棠食品" in words(page)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert csrf
    visitor.csrf = csrf[1]
    assert "项待办" not in words(page)
    number = desk.start(people.FIRM_OF_TWO)
    assert "1项待办" in words(visitor.get("/acting-as")).replace(" ", "")
    haitang = desk.organisation("haitang").id
    assert visitor.post("/acting-as", {"membership_id": haitang}).status_code == 302
    assert visitor.get(f"/applications/{number}").status_code == 404
    page = visitor.get("/applications")
    visitor.csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    assert visitor.post("/acting-as", {"membership_id": desk.organisation("zhijiang").id}).status_code == 404
    assert visitor.post("/acting-as", {"membership_id": desk.organisation("nanpu").id}).status_code == 302
    assert visitor.get(f"/applications/{number}").status_code == 200
