"""Creates an organisation, so that people can be given roles in it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as WrongNumber

from app.errors import Conflict, Refused
from app.gateways import clock
from app.storage import organisations
from app.storage.database import unit_of_work
from app.storage.organisations import Organisation
from app.use_cases.administration.organisation_kinds import KINDS
from app.use_cases.administration.people_acts import VERB, note
from app.use_cases.permissions import Actor, require

PLATFORM = "platform"
MOST_NAME = 200


def create_organisation(actor: Actor, kind: str, name_zh: str, name_en: str, credit_code: str) -> int:
    """The new organisation's id; raises Forbidden, Refused with what is wrong, or Conflict for a known credit code."""
    require(VERB, actor)
    zh, en, code = name_zh.strip(), name_en.strip(), credit_code.strip().upper()
    if kind not in KINDS or kind == PLATFORM:
        raise Refused("请选择机构类型。", "Please choose the kind of organisation.")
    if not zh or max(len(zh), len(en)) > MOST_NAME:
        raise Refused(
            f"请填写机构的中文名称；名称最长 {MOST_NAME} 个字符。",
            f"Please give the organisation's name in Chinese; a name has {MOST_NAME} characters at most.",
        )
    _require_code(code)
    try:
        with unit_of_work() as session:
            if organisations.by_credit_code(session, code) is not None:
                raise _known(code)
            place = Organisation(
                kind=kind, name_zh=zh, name_en=en, unified_social_credit_code=code, created_at=clock.real_now()
            )
            session.add(place)
            session.flush()
            after = {"kind": kind, "name_zh": zh, "name_en": en, "credit_code": code}
            note(session, actor, "create_organisation", f"organisation/{place.id}", after=after)
            return place.id
    except IntegrityError as error:  # somebody entered the same code meanwhile
        raise _known(code) from error


def _require_code(code: str) -> None:
    try:
        uscc.validate(code)
    except WrongNumber as error:
        raise Refused(
            f"统一社会信用代码“{code[:30]}”不正确：应为 18 位，最后一位是校验位，请对照营业执照。",
            f'The unified social credit code "{code[:30]}" is not right: 18 characters, the last of which is a check '
            "character; please compare it with the business licence.",
        ) from error


def _known(code: str) -> Conflict:
    return Conflict(
        f"信用代码 {code} 的机构已经存在。", f"There is an organisation with the credit code {code} already."
    )
