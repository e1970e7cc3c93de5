"""How far a case can be: the milestones that diagrams set, in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.texts import Text


@dataclass(frozen=True)
class Milestone:
    """`tone` is the colour of its tag; `closed` says that nothing more happens in the case."""

    name: Text
    tone: str
    closed: bool = False


# the firm took the offer, and it neither lapsed afterwards nor was its payout cancelled
GRANTED = frozenset(
    {"offer_accepted", "contracts_made", "contracts_signed", "disbursed", "in_arrears", "in_disposal", "settled"}
)

# there is a loan, and something is owed on it
LENT = frozenset({"disbursed", "in_arrears", "in_disposal"})

MILESTONES: dict[str, Milestone] = {
    "draft": Milestone(Text("草稿", "Draft"), "grey"),
    "submitted": Milestone(Text("资料核验中", "Being checked"), "blue"),
    "accepted": Milestone(Text("初审中", "In initial review"), "blue"),
    "initial_passed": Milestone(Text("复审中", "In second review"), "blue"),
    "approved": Milestone(Text("已批准", "Approved"), "green"),
    "offer_issued": Milestone(Text("等待确认方案", "Offer waits for acceptance"), "amber"),
    "offer_accepted": Milestone(Text("已接受方案", "Offer accepted"), "green"),
    "contracts_made": Milestone(Text("签约中", "Contracts being signed"), "blue"),
    "contracts_signed": Milestone(Text("待放款", "To be paid out"), "blue"),
    "disbursed": Milestone(Text("已放款", "Paid out"), "green"),
    "in_arrears": Milestone(Text("逾期催收中", "In arrears"), "amber"),
    "in_disposal": Milestone(Text("担保物处置中", "Collateral being disposed of"), "red"),
    "settled": Milestone(Text("已结清", "Settled"), "green", closed=True),
    "contract_lapsed": Milestone(Text("逾期未签约", "Contract lapsed"), "grey", closed=True),
    "payout_cancelled": Milestone(Text("未放款", "Not paid out"), "grey", closed=True),
    "not_eligible": Milestone(Text("不符合条件", "Not eligible"), "red", closed=True),
    "refused": Milestone(Text("未通过", "Refused"), "red", closed=True),
    "refusal_told": Milestone(Text("未通过，可要求人工复核", "Refused, may be reviewed"), "red"),
    "lapsed": Milestone(Text("已失效", "Lapsed"), "grey", closed=True),
    "declined": Milestone(Text("已放弃方案", "Offer declined"), "grey", closed=True),
    "withdrawn": Milestone(Text("已拉回", "Pulled back"), "grey"),
    "deleted": Milestone(Text("已删除", "Deleted"), "grey", closed=True),
}
CLOSED = tuple(key for key, milestone in MILESTONES.items() if milestone.closed)
# a case in one of these holds no collateral that a loan does not stand on: its receipt may back another application
FREEING = (*CLOSED, "withdrawn")


def ended_badly(key: str) -> bool:
    """Whether a case at this milestone is over without what the firm asked for."""
    return milestone(key).closed and milestone(key).tone != "green"


def milestone(key: str) -> Milestone:
    """The milestone, or a plain one of the diagram's own word for a key that the product does not know."""
    return MILESTONES.get(key, Milestone(Text(key, key), "grey"))
