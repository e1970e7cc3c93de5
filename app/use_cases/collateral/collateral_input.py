"""What a diagram hands to the operations on collateral, checked at the border."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import Schema, fields, validate

from app.use_cases.contracts.contract_input import ReceiptInput

KINDS = ("warehouse_receipt",)
SHORT = validate.Length(min=1, max=60)


class PledgeInput(Schema):
    """`receipt` as the contract prints it; `evidence` is what the custodian answered, kept as it is."""

    kind = fields.String(load_default=KINDS[0], validate=validate.OneOf(KINDS))
    receipt = fields.Nested(ReceiptInput, required=True)
    evidence = fields.Dict(load_default=dict)


class RegistrationInput(Schema):
    """A registration at the central registry: its number and from when to when it holds."""

    registration_no = fields.String(required=True, validate=SHORT)
    registered_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class ReleaseInput(Schema):
    """`registration_cancelled_on`: when the registry took the registration out, where there was one."""

    registration_cancelled_on = fields.Date(load_default=None, allow_none=True)


def receipt_key(number: str) -> str:
    """A receipt's number without what differs by keyboard only: width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def day(value: Any) -> str | None:
    """A date as diagrams carry it."""
    return None if value is None else value.isoformat()
