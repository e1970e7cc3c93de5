"""The pages of a contract and of a checked file, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.texts import Text
from app.use_cases.administration.fresh_log_in import is_fresh
from app.use_cases.contracts.show_contract import ContractDetail, ContractLine, SignaturePlace
from app.use_cases.contracts.verify_contract import ContractCheck, FoundSignature
from app.use_cases.permissions import Actor, may
from app.web.menu import is_borrower
from app.web.page_models import ContractRow, Tag

STATES = {
    "open": Tag("blue", Text("待签署", "To be signed")),
    "in_force": Tag("green", Text("已生效", "In force")),
    "lapsed": Tag("grey", Text("已失效", "Lapsed")),
}
SIGNATURE_STATES = {
    "valid": Tag("green", Text("有效", "valid")),
    "changed": Tag("red", Text("签署后被改动", "changed after signing")),
    "unknown_signer": Tag("amber", Text("签署人未知", "unknown signer")),
}


@dataclass(frozen=True)
class Verdict:
    """What a check comes to; `tone` colours it."""

    tone: str
    title: Text
    text: Text


VERDICTS = {
    "unchanged": Verdict(
        "green",
        Text("内容未被改动", "Unchanged"),
        Text(
            "每个签名都有效，签署之后一个字节也没有变。",
            "Every signature is valid, and not one byte has changed since.",
        ),
    ),
    "changed": Verdict(
        "red",
        Text("内容被改动过", "Changed"),
        Text(
            "文件和签署时不一样，不能作为合同使用。请联系资金方。",
            "The file is not what was signed and is no contract. Please ask the funder.",
        ),
    ),
    "unknown_signer": Verdict(
        "amber",
        Text("签署人无法确认", "Unknown signer"),
        Text(
            "内容未被改动，但证书不是受信任的认证机构签发的。",
            "The content is unchanged, but a certificate comes from no trusted authority.",
        ),
    ),
    "unsigned": Verdict(
        "grey",
        Text("还没有人签署", "Not signed yet"),
        Text("签署后这里会显示核验结果。", "The check appears here after the first signature."),
    ),
}


@dataclass(frozen=True)
class CheckLine:
    """One signature as its certificate tells it."""

    organisation: str
    person: str
    credit_code: str
    signed_at: datetime | None
    serial: str
    authority: str
    tag: Tag


@dataclass(frozen=True)
class ContractPage:
    """`needs_password` where the last one was given too long ago; `back_url` leads to the case where one may see it."""

    number: str
    name: Text
    tag: Tag
    case_number: str
    case_url: str | None
    amount: str
    generated_at: datetime
    ended_at: datetime | None
    places: tuple[SignaturePlace, ...]
    waiting: tuple[Text, ...]
    early: bool
    verdict: Verdict
    lines: tuple[CheckLine, ...]
    to_sign: bool
    needs_password: bool
    error: Text | None
    from_task: str


@dataclass(frozen=True)
class CheckPage:
    """`error` where the file could not be checked; `number` of the contract that it is, when it is one of ours."""

    error: Text | None
    verdict: Verdict | None
    lines: tuple[CheckLine, ...]
    number: str | None
    file_name: str


def contract_page(
    actor: Actor,
    detail: ContractDetail,
    check: ContractCheck,
    given_at: datetime | None,
    error: Text | None,
    *,
    from_task: str = "",
) -> ContractPage:
    """The page; `given_at` is when the reader last gave the password, `from_task` the task that led here."""
    return ContractPage(
        number=detail.line.number,
        name=detail.line.name,
        tag=STATES[detail.line.state],
        case_number=detail.case_number,
        case_url=_case_url(actor, detail.case_number),
        amount=detail.amount,
        generated_at=detail.generated_at,
        ended_at=detail.ended_at,
        places=detail.places,
        waiting=detail.waiting,
        early=detail.early,
        verdict=verdict_of(check.verdict),
        lines=check_lines(check.signatures),
        to_sign=detail.line.to_sign,
        needs_password=given_at is None or not is_fresh(given_at),
        error=error,
        from_task=from_task,
    )


def contract_rows(lines: tuple[ContractLine, ...], task_id: int | None = None) -> tuple[ContractRow, ...]:
    """Contracts for the list of a case's page, or of a task's, to which signing leads back."""
    return tuple(
        ContractRow(
            one.name,
            one.number,
            url_for("contracts.show", number=one.number, task=task_id),
            STATES[one.state],
            one.signed,
            one.signatures,
            one.to_sign,
        )
        for one in lines
    )


def check_lines(signatures: tuple[FoundSignature, ...]) -> tuple[CheckLine, ...]:
    """What a check found, a line a signature."""
    return tuple(
        CheckLine(
            one.organisation,
            one.person,
            one.credit_code,
            one.signed_at,
            one.certificate_serial,
            one.authority,
            SIGNATURE_STATES[one.state],
        )
        for one in signatures
    )


def verdict_of(key: str) -> Verdict:
    """The words for a verdict."""
    return VERDICTS[key]


def _case_url(actor: Actor, number: str) -> str | None:
    if is_borrower(actor):
        return url_for("applications.progress", case_number=number)
    if may("view_cases", actor) or may("view_all_cases", actor):
        return url_for("cases.show", case_number=number)
    return None
