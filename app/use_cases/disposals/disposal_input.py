"""What a diagram hands to the operations of a disposal, checked at the border."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from app.use_cases.offers.amounts import Amount

WAYS = ("agreed", "auction", "sale", "company")
FUNDER, OWED = "funder", "owed"
BEFORE, AFTER = "before", "after"
# what may share in the proceeds; those that begin with "loan_" are this loan's own
CLAIMS = ("cost", "tax", "creditor_before", "creditor_after", "loan_cost", "loan_interest", "loan_principal")
NAME = validate.Length(min=1, max=200)
VOUCHER = validate.Length(min=1, max=60)


class Row(Schema):
    """A row of a form may say more than the operation needs."""

    class Meta:
        unknown = EXCLUDE


class ValuationsInput(Schema):
    """Yuan, by the appraiser and by the funder's own desk."""

    external_value = Amount(required=True)
    internal_value = Amount(required=True)


class SaleInput(Schema):
    """Who buys, in which way and for how much."""

    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    buyer_name = fields.String(required=True, validate=NAME)
    price = Amount(required=True)


class CostInput(Row):
    """A cost of keeping or enforcing: advanced by the funder, or still owed to its payee."""

    what = fields.String(load_default="")
    amount = Amount(required=True)
    voucher_no = fields.String(required=True, validate=VOUCHER)
    paid_by = fields.String(required=True, validate=validate.OneOf((FUNDER, OWED)))
    payee = fields.String(load_default="")


class TaxInput(Row):
    """A tax on the sale."""

    what = fields.String(load_default="")
    amount = Amount(required=True)
    voucher_no = fields.String(required=True, validate=VOUCHER)


class CreditorInput(Row):
    """Somebody else whom the same goods secure, registered before or after the funder."""

    payee = fields.String(required=True, validate=NAME)
    amount = Amount(required=True)
    standing = fields.String(required=True, validate=validate.OneOf((BEFORE, AFTER)))
    voucher_no = fields.String(load_default="")


class RankInput(Row):
    """A row of the rule table: which claim has which rank; the lower is paid first."""

    claim = fields.String(required=True, validate=validate.OneOf(CLAIMS))
    rank = fields.Integer(required=True, validate=validate.Range(min=1, max=99))


class DistributionInput(Schema):
    """What settle_proceeds takes."""

    costs = fields.List(fields.Nested(CostInput), load_default=list, validate=validate.Length(max=50))
    taxes = fields.List(fields.Nested(TaxInput), load_default=list, validate=validate.Length(max=50))
    creditors = fields.List(fields.Nested(CreditorInput), load_default=list, validate=validate.Length(max=50))
    ranks = fields.List(fields.Nested(RankInput), required=True)
