"""Amounts, rates and terms that a diagram hands to an operation, checked at the border."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.lending.schedule import METHODS
from app.use_cases.operation import OperationRefused

CENT = Decimal("0.01")
HIGHEST_RATE, RATE_PLACES = 36, 4
TOO_MUCH = Decimal(10) ** 13


class Amount(fields.Decimal):
    """Yuan with at most two decimal places, above zero; nothing is rounded silently."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        number = super()._deserialize(value, attr, data, **kwargs)
        fits = isinstance(number, Decimal) and number.is_finite() and 0 < number < TOO_MUCH
        if not fits or number != number.quantize(CENT):
            raise ValidationError("an amount in yuan with at most two places, above zero")
        return number.quantize(CENT)


class Rate(fields.Decimal):
    """Percent per year from 0 to 36 with at most four places; nothing is rounded silently."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        number = super()._deserialize(value, attr, data, **kwargs)
        fits = isinstance(number, Decimal) and number.is_finite() and 0 <= number <= HIGHEST_RATE
        if not fits or number != round(number, RATE_PLACES):
            raise ValidationError("a rate in percent from 0 to 36 with at most four places")
        return number


class ReservationInput(Schema):
    """What reserve_limit takes."""

    amount = Amount(required=True)


class OfferInput(Schema):
    """What issue_offer takes: amount in yuan, yearly rate in percent, term in months, method, days of validity."""

    amount = Amount(required=True)
    rate_percent = Rate(required=True)
    term_months = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=360))
    repayment_method = fields.String(load_default="interest_monthly", validate=validate.OneOf(METHODS))
    valid_days = fields.Integer(load_default=30, strict=True, validate=validate.Range(min=1, max=180))


def checked(schema: Schema, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs as the schema wants them; error BadInput names what does not fit."""
    known = {key: value for key, value in inputs.items() if key in schema.fields and value is not None}
    try:
        loaded: dict[str, Any] = schema.load(known)
    except ValidationError as error:
        faults = "; ".join(
            f"{name}: {', '.join(map(str, texts))}" for name, texts in error.normalized_messages().items()
        )
        raise OperationRefused(
            "BadInput", f"流程图给这一步的数据不对：{faults}", f"The diagram gave this step wrong data: {faults}"
        ) from error
    return loaded
