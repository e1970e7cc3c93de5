"""What an outside source's answer must look like; whatever does not is no answer, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from app.gateways.lines import Line
from app.plain import plain

LARGEST_YUAN = Decimal(10) ** 13
MOST = 1_000_000
MOST_ROWS = 500
AHEAD = timedelta(minutes=5)


class WrongAnswer(Exception):
    """An answer that is none; the text says in a few English words what is wrong with it."""


class Whole(fields.Field[int]):
    """A JSON whole number; true, 3.0 and "3" are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise ValidationError("a whole number")
        return value


class Flag(fields.Field[bool]):
    """true or false, nothing that only looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if type(value) is not bool:
            raise ValidationError("true or false")
        return value


class Number(fields.Field[Decimal]):
    """A decimal number written as a text, so that nothing is rounded on the way."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        try:
            number = Decimal(value) if isinstance(value, str) and len(value) <= 30 else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValidationError("a decimal number as a text")
        return number


class Facts(Schema):
    """The facts of one source; what is not asked for is dropped."""

    class Meta:
        unknown = EXCLUDE


def _count(most: int = MOST) -> Whole:
    return Whole(required=True, validate=validate.Range(0, most))


def _yuan(**more: Any) -> Number:
    return Number(required=True, validate=validate.Range(0, LARGEST_YUAN), **more)


def _line(longest: int = 200, **more: Any) -> Line:
    return Line(required=True, validate=validate.Length(1, longest), **more)


class Shareholder(Facts):
    """Who holds a share of a firm; a firm has a credit code, a person has none."""

    name = _line()
    unified_social_credit_code = Line(validate=validate.Length(18, 18))
    share_percent = Number(required=True, validate=validate.Range(Decimal(0), Decimal(100)))


class EnterpriseFacts(Facts):
    """The register."""

    status = fields.String(required=True, validate=validate.OneOf(("active", "deregistered", "revoked")))
    company_name = _line()
    registered_on = fields.Date(required=True)
    registered_capital = _yuan()
    abnormal = Flag(load_default=False)
    shareholders = fields.List(fields.Nested(Shareholder), validate=validate.Length(max=MOST_ROWS))


class RiskFacts(Facts):
    """The risk platform."""

    score = _count(100)
    flags = fields.List(_line(60), required=True, validate=validate.Length(max=MOST_ROWS))
    lawsuits_open = _count()
    tax_grade = fields.String(required=True, validate=validate.OneOf(tuple("ABCDM")))
    invoice_revenue_12m = _yuan()


class BureauFacts(Facts):
    """The credit bureau."""

    overdue_days_max = _count()
    queries_6m = _count()
    open_loans = _count()
    balance_yuan = _yuan()


class Judgment(Facts):
    """One case at a court."""

    case_no = _line(80)
    court = _line()
    cause = _line(60)
    role = _line(30)
    status = _line(30)
    amount_yuan = _yuan()
    on = fields.Date(required=True)


class CourtFacts(Facts):
    """The courts."""

    cases_open = _count()
    enforced = _count()
    dishonest = Flag(required=True)
    amount_yuan = _yuan()
    judgments = fields.List(fields.Nested(Judgment), required=True, validate=validate.Length(max=MOST_ROWS))


class RateFacts(Facts):
    """The loan prime rate."""

    lpr_percent = Number(required=True, validate=validate.Range(Decimal(0), Decimal(30), min_inclusive=False))
    published_on = fields.Date(required=True)


class PriceFacts(Facts):
    """The price of goods; none where nobody quotes them."""

    goods = _line()
    unit = _line(30)
    unit_price = Number(
        required=True, allow_none=True, validate=validate.Range(Decimal(0), LARGEST_YUAN, min_inclusive=False)
    )
    quoted_on = fields.Date(required=True)


class Hit(Facts):
    """A name that is on a list, or looks like one that is."""

    name = _line()
    list = fields.String(required=True, validate=validate.OneOf(("sanctions", "pep", "aml")))
    entry = _line(80)
    entry_name = _line()
    similarity = _count(100)
    reason = _line()
    reason_en = Line(load_default="", validate=validate.Length(max=200))


class ListFacts(Facts):
    """The lists."""

    list_version = _line(40)
    hits = fields.List(fields.Nested(Hit), required=True, validate=validate.Length(max=MOST_ROWS))


FACTS: dict[str, Schema] = {
    "enterprise_registry": EnterpriseFacts(),
    "risk_platform": RiskFacts(),
    "credit_bureau": BureauFacts(),
    "court_records": CourtFacts(),
    "market_rates": RateFacts(),
    "goods_prices": PriceFacts(),
    "screening_lists": ListFacts(),
}


class Envelope(Schema):
    """What every source wraps its facts in: whose key it answers, about what, under which number, when."""

    class Meta:
        unknown = EXCLUDE

    status = fields.String(required=True, validate=validate.Equal("done"))
    key = _line(80)
    reference = _line(80)
    at = fields.AwareDateTime(required=True)
    about = fields.Dict(required=True)
    data = fields.Dict(required=True)


@dataclass(frozen=True)
class Answer:
    """A well-formed answer: the source's number for it, its time, and its facts as plain values."""

    reference: str
    at: datetime
    data: dict[str, Any]


def opened(body: bytes) -> dict[str, Any]:
    """The envelope in an answer's bytes; raises WrongAnswer."""
    try:
        return dict(Envelope().load(orjson.loads(body)))
    except orjson.JSONDecodeError as error:
        raise WrongAnswer("no JSON") from error
    except ValidationError as error:
        raise WrongAnswer(f"not as agreed: {_fields(error)}") from error


def answered(source: str, body: bytes, key: str, about: Mapping[str, Any], asked_at: datetime) -> Answer:
    """The answer to what was asked; raises WrongAnswer where it answers something else, or not as was agreed."""
    envelope = opened(body)
    if envelope["key"] != key or envelope["about"] != dict(about):
        raise WrongAnswer("about another request")
    if envelope["at"] > asked_at + AHEAD:
        raise WrongAnswer("dated in the future")
    try:
        facts = FACTS[source].load(envelope["data"])
    except ValidationError as error:
        raise WrongAnswer(f"not as agreed: {_fields(error)}") from error
    return Answer(envelope["reference"], envelope["at"], plain(facts))


def _fields(error: ValidationError) -> str:
    messages = error.messages
    return ", ".join(sorted(str(name) for name in messages)) if isinstance(messages, dict) else "content"
