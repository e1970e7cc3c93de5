"""The administrator's pages of people, organisations, rights and sessions, used as a browser uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import update
from stdnum.cn import uscc

from app.storage.database import unit_of_work
from app.storage.people import Person
from tests.desk import ADMINISTRATOR, OPERATOR, REVIEWER, Desk
from tests.web.visitor import Visitor, field, words

Visit = Callable[..., Visitor]
CODE = "91330100MA2D3M777" + uscc.calc_check_digit("91330100MA2D3M777")


def entered(desk: Desk, **changes: str) -> dict[str, str]:
    place = f"{desk.organisation('zhijiang').id}:initial_reviewer"
    return {"login": "ding.yi", "name_zh": "丁一", "name_en": "Ding Yi", "place": place, "password": ""} | changes


def path(desk: Desk, login: str, act: str = "") -> str:
    return f"/people/{desk.person(login).id}{act}"


def secret(page: object) -> str:
    found = re.search(r'people-secret">([^<]+)<', page.text)  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_people_are_listed_with_where_they_work_and_found_by_name(visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    page = words(admin.get("/people?q=王磊"))
    assert "wang.lei" in page and "之江银行 初审员" in page and "xu.na" not in page
    assert "没有符合条件的用户" in words(admin.get("/people?q=nobody-at-all"))
    assert "Zhijiang Bank Initial reviewer" in words(visit(ADMINISTRATOR, language="en").get("/people?q=wang.lei"))


def test_a_new_person_gets_a_password_that_is_shown_once(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    made = admin.post("/people/new", entered(desk))
    first = secret(made)
    assert made.headers["Cache-Control"] == "no-store"
    again = admin.get(path(desk, "ding.yi"))
    assert first not in again.text and "待改初始密码" in words(again)
    somebody = Visitor(desk)
    done = somebody.post("/login", {"account": "ding.yi", "password": first}, follow_redirects=True)
    assert "请设置自己的密码" in words(done)


def test_what_was_typed_stays_when_a_person_is_refused_but_never_the_password(desk: Desk, visit: Visit) -> None:
    page = visit(ADMINISTRATOR).post("/people/new", entered(desk, login=REVIEWER, password="seven grey herons"))
    assert page.status_code == 422 and "已经存在" in words(page)
    assert (field(page, "name_zh"), field(page, "place")) == ("丁一", entered(desk)["place"])
    assert "seven grey herons" not in page.text


def test_a_posted_role_of_the_platform_at_a_bank_is_refused(desk: Desk, visit: Visit) -> None:
    place = f"{desk.organisation('zhijiang').id}:administrator"
    page = visit(ADMINISTRATOR).post("/people/new", entered(desk, place=place))
    assert page.status_code == 422 and "不适用于" in words(page)
    done = visit(ADMINISTRATOR).post(path(desk, REVIEWER, "/memberships"), {"place": place}, follow_redirects=True)
    assert "不适用于" in words(done)


def test_nonsense_as_a_place_is_not_found(desk: Desk, visit: Visit) -> None:
    for place in ("", ":", "x:administrator", "99999999999999999999:auditor", "1:nobody"):
        assert visit(ADMINISTRATOR).post(path(desk, REVIEWER, "/memberships"), {"place": place}).status_code == 404


def test_shutting_somebody_out_asks_first_and_needs_a_reason(desk: Desk, visit: Visit) -> None:
    admin, victim = visit(ADMINISTRATOR), visit(REVIEWER)
    asked = admin.get(path(desk, REVIEWER, "/deactivate"))
    assert "停用 王磊 的账号？" in words(asked) and "所有登录马上退出" in words(asked)
    refused = admin.post(path(desk, REVIEWER, "/deactivate"), {"reason": " "}, follow_redirects=True)
    assert "请填写原因" in words(refused) and victim.get("/inbox").status_code == 200
    done = admin.post(path(desk, REVIEWER, "/deactivate"), {"reason": "离职"}, follow_redirects=True)
    assert "账号已停用" in words(done) and victim.get("/inbox").status_code == 302
    assert "账号已启用" in words(
        admin.post(path(desk, REVIEWER, "/activate"), {"reason": "返聘"}, follow_redirects=True)
    )


def test_the_work_in_hand_of_who_was_shut_out_is_said_with_the_way_to_move_it(desk: Desk, visit: Visit) -> None:
    number = desk.at_initial_review()
    visit(REVIEWER).post(f"/tasks/{desk.task(number, 'initial_review').id}/claim")
    admin = visit(ADMINISTRATOR)
    assert "领取的 1 项待办" in words(admin.get(path(desk, REVIEWER, "/deactivate")))
    admin.post(path(desk, REVIEWER, "/deactivate"), {"reason": "离职"})
    page = admin.get(path(desk, REVIEWER))
    assert "还有 1 项待办在此人名下" in words(page)
    move = re.search(r'href="([^"]+/move)"', page.text)
    assert move and admin.get(move[1]).status_code == 200


def test_ones_own_page_offers_no_act_and_posting_one_is_refused(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    page = admin.get(path(desk, ADMINISTRATOR))
    assert "这是您自己" in words(page) and "/deactivate" not in page.text and "/password" not in page.text
    for act, given in (
        ("/deactivate", {"reason": "x"}),
        ("/password", {}),
        ("/names", {"name_zh": "某"}),
        ("/memberships", {"place": f"{desk.organisation('platform').id}:auditor"}),
    ):
        refused = admin.post(path(desk, ADMINISTRATOR, act), given, follow_redirects=True)
        assert "不能更改自己的" in words(refused), act


def test_a_role_is_added_and_ended_with_its_reason(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    place = f"{desk.organisation('zhijiang').id}:review_lead"
    added = admin.post(path(desk, REVIEWER, "/memberships"), {"place": place}, follow_redirects=True)
    assert "角色已增加" in words(added) and "评审主管" in words(added)
    ends = re.findall(r'href="(/people/\d+/memberships/\d+/end)"', added.text)
    assert "取消 王磊 在之江银行的角色" in words(admin.get(ends[0]))
    ended = admin.post(ends[0], {"reason": "轮岗"}, follow_redirects=True)
    assert "角色已取消" in words(ended) and len(re.findall(r"/memberships/\d+/end", ended.text)) == 1


def test_a_reset_password_is_shown_once_and_ends_the_sessions(desk: Desk, visit: Visit) -> None:
    victim = visit(REVIEWER)
    page = visit(ADMINISTRATOR).post(path(desk, REVIEWER, "/password"))
    assert len(secret(page)) == 19 and "原密码已失效" in words(page)
    assert victim.get("/inbox").status_code == 302


def test_forms_without_the_token_change_nothing(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    for address in (
        "/people/new",
        path(desk, REVIEWER, "/deactivate"),
        path(desk, REVIEWER, "/password"),
        "/rights/operator",
        "/organisations/new",
        "/sessions/end",
        "/audit/verify",
    ):
        assert admin.client.post(address, data={"reason": "x"}).status_code == 400, address


def test_markup_in_a_name_is_text(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    admin.post("/people/new", entered(desk, name_zh="<script>alert(1)</script>"))
    assert "<script>alert" not in admin.get("/people?q=ding").text


def test_an_organisation_is_created_with_a_checked_credit_code(visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    given = {"kind": "guarantor", "name_zh": "安保担保", "name_en": "Anbao", "credit_code": CODE[:-1] + "I"}
    wrong = admin.post("/organisations/new", given)
    assert wrong.status_code == 422 and "校验位" in words(wrong) and field(wrong, "name_zh") == "安保担保"
    assert admin.post("/organisations/new", given | {"kind": "platform"}).status_code == 422
    done = admin.post("/organisations/new", given | {"credit_code": CODE.lower()}, follow_redirects=True)
    assert "机构已新建" in words(done) and CODE in words(done) and "保证人" in words(done)
    assert "已经存在" in words(admin.post("/organisations/new", given | {"credit_code": CODE}))


def test_organisations_show_their_people_and_products(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    assert "之江银行" in words(admin.get("/organisations?kind=funder&q=之江"))
    page = words(admin.get(f"/organisations/{desk.organisation('zhijiang').id}"))
    assert "王磊" in page and "初审员" in page and "提供的产品" in page
    assert admin.get("/organisations/99999").status_code == 404


def test_a_role_leads_to_its_people_and_an_organisation_to_a_new_one_of_its_own(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    page = words(admin.get("/people?role=review_lead"))
    assert "角色：评审主管" in page and "lin.yan" in page and "wang.lei" not in page
    bank = desk.organisation("zhijiang").id
    form = words(admin.get(f"/people/new?organisation={bank}"))
    assert "之江银行 · 初审员" in form and "钱塘银行" not in form


def test_the_matrix_leads_to_a_role_whose_rights_can_be_changed(desk: Desk, visit: Visit) -> None:
    admin, other = visit(ADMINISTRATOR), visit(OPERATOR)
    assert "查看统计" in words(admin.get("/rights")) and 'href="/rights/operator"' in admin.get("/rights").text
    taken = admin.post("/rights/operator", {"verb": "view_ledger", "granted": "0"}, follow_redirects=True)
    assert "权利已更改" in words(taken) and "本地收回" in words(taken)
    assert other.get("/loans").status_code == 403
    admin.post("/rights/operator", {"verb": "view_ledger", "granted": "1"})
    assert other.get("/loans").status_code == 200


def test_rights_that_do_not_fit_and_ones_own_role_are_refused_in_words(visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    assert "不能授予" in words(
        admin.post("/rights/customer_manager", {"verb": "administer_people", "granted": "1"}, follow_redirects=True)
    )
    assert "不能更改自己的" in words(
        admin.post("/rights/administrator", {"verb": "apply", "granted": "1"}, follow_redirects=True)
    )
    assert admin.post("/rights/nobody", {"verb": "apply", "granted": "1"}).status_code == 404
    assert admin.post("/rights/operator", {"verb": "fly", "granted": "1"}).status_code == 404


def test_everybody_who_is_logged_in_is_listed_and_can_be_ended(visit: Visit) -> None:
    admin, victim = visit(ADMINISTRATOR), visit(REVIEWER)
    page = admin.get("/sessions?q=wang")
    assert "王磊" in words(page) and "之江银行" in words(page)
    [key] = re.findall(r'name="session" value="(\w+)"', page.text)
    assert victim.token not in page.text
    admin.post("/sessions/end", {"session": key})
    assert victim.get("/inbox").status_code == 302
    assert admin.post("/sessions/end", {"session": "x"}).status_code == 404


def test_all_sessions_of_a_person_end_from_their_page(desk: Desk, visit: Visit) -> None:
    one, two = visit(REVIEWER), visit(REVIEWER)
    visit(ADMINISTRATOR).post(path(desk, REVIEWER, "/sessions/end"))
    assert {visitor.get("/inbox").status_code for visitor in (one, two)} == {302}


def test_the_administrators_menu_has_the_platform_group(visit: Visit) -> None:
    page = words(visit(ADMINISTRATOR).get("/people"))
    assert "平台" in page and "用户 机构 角色与权利 登录会话 审计日志" in page
    auditor = words(visit("shen.he").get("/audit"))
    assert "审计日志" in auditor and "登录会话" not in auditor


def test_an_administrator_whose_role_ends_mid_session_changes_nothing_any_more(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    place = f"{desk.organisation('platform').id}:administrator"
    second = admin.post("/people/new", entered(desk, login="ding.er", place=place))
    assert second.status_code == 200
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Person).where(Person.login == "ding.er").values(must_change_password=False))
    other = visit("ding.er")
    assert other.get("/people").status_code == 200
    [end] = re.findall(r'href="(/people/\d+/memberships/\d+/end)"', admin.get(path(desk, "ding.er")).text)
    admin.post(end, {"reason": "轮岗"})
    for address in (path(desk, ADMINISTRATOR, "/deactivate"), path(desk, REVIEWER, "/password"), "/rights/operator"):
        got = other.post(address, {"reason": "x", "verb": "view_ledger", "granted": "0"})
        assert got.status_code == 302 and "/login" in got.location
    assert admin.get("/people").status_code == 200


def test_a_role_that_loses_the_right_to_administer_closes_the_pages_at_once(desk: Desk, visit: Visit) -> None:
    admin = visit(ADMINISTRATOR)
    admin.post("/rights/operator", {"verb": "administer_people", "granted": "1"})
    operator = visit(OPERATOR)
    assert operator.get("/people").status_code == 200
    admin.post("/rights/operator", {"verb": "administer_people", "granted": "0"})
    assert operator.get("/people").status_code == 403
    assert operator.post(path(desk, REVIEWER, "/deactivate"), {"reason": "x"}).status_code == 403
