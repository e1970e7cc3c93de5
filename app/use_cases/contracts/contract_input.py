"""What a diagram hands to the step that makes contracts, checked at the border."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.use_cases.contracts.kinds import KINDS
from app.use_cases.offers.amounts import Amount

SHORT = validate.Length(min=1, max=100)
MOST_CONDITIONS, MOST_INVOICES = 30, 50


class Condition(fields.Field[dict[str, str]]):
    """A condition before the payout: a text, or {text, text_en} as a reviewer's form gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        given = value if isinstance(value, dict) else {"text": value}
        zh, en = given.get("text"), given.get("text_en") or ""
        if not isinstance(zh, str) or not zh.strip() or not isinstance(en, str) or len(zh) > 500 or len(en) > 500:
            raise ValidationError("a condition is a text of up to 500 characters, or {text, text_en}")
        return {"zh": zh.strip(), "en": en.strip()}


class ReceivableInput(Schema):
    """The receivable that is pledged; `invoices` are numbers or words for them."""

    order_number = fields.String(required=True, validate=SHORT)
    payable_amount = Amount(required=True)
    payable_due_on = fields.Date(required=True)
    invoices = fields.List(
        fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=MOST_INVOICES)
    )


class ReceiptInput(Schema):
    """The warehouse receipt that is pledged; `quantity` as it stands on the receipt."""

    number = fields.String(required=True, validate=SHORT)
    goods = fields.String(required=True, validate=SHORT)
    quantity = fields.String(required=True, validate=SHORT)
    unit = fields.String(required=True, validate=SHORT)
    value = Amount(required=True)
    warehouse = fields.String(required=True, validate=SHORT)
    expires_on = fields.Date(load_default=None, allow_none=True)


class ContractInput(Schema):
    """`contracts`: kinds in the order in which they are made; what a kind needs besides the offer is required with it.

    `penalty_uplift_percent` is how much penalty interest is above the contract's rate, in percent of that rate.
    """

    contracts = fields.List(
        fields.String(validate=validate.OneOf(list(KINDS))), required=True, validate=validate.Length(min=1)
    )
    conditions = fields.List(Condition(), load_default=list, validate=validate.Length(max=MOST_CONDITIONS))
    penalty_uplift_percent = fields.Decimal(load_default=None, allow_none=True, validate=validate.Range(0, 100))
    receivable = fields.Nested(ReceivableInput, load_default=None, allow_none=True)
    receipt = fields.Nested(ReceiptInput, load_default=None, allow_none=True)
