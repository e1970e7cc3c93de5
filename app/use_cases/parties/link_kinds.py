"""The kinds of link between parties, in words from both sides."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage.party_links import ACTUAL_CONTROL, HOLDINGS
from app.texts import Text


@dataclass(frozen=True)
class LinkKind:
    """`name` is what the other side is to the firm, `reverse` what the firm is to the other side.

    `one_of` is a kind of which an application names all there are: the next one replaces them.
    `person` and `firm` say who the other side may be; `entered` that staff may enter it.
    """

    key: str
    name: Text
    reverse: Text
    one_of: bool = False
    person: bool = False
    firm: bool = True
    entered: bool = True

    @property
    def has_share(self) -> bool:
        return self.key in HOLDINGS or self.key == ACTUAL_CONTROL


KINDS: dict[str, LinkKind] = {
    kind.key: kind
    for kind in (
        LinkKind("shareholder", Text("股东", "Shareholder"), Text("持股企业", "Holds shares in"), person=True),
        LinkKind(
            ACTUAL_CONTROL, Text("实际控制人", "Actual controller"), Text("实际控制", "Actually controls"), person=True
        ),
        LinkKind(
            "beneficial_owner",
            Text("受益所有人", "Beneficial owner"),
            Text("受益于", "Benefits from"),
            one_of=True,
            person=True,
            firm=False,
        ),
        LinkKind("subsidiary", Text("子公司", "Subsidiary"), Text("母公司", "Parent")),
        LinkKind(
            "legal_representative",
            Text("法定代表人", "Legal representative"),
            Text("担任法定代表人", "Represents"),
            one_of=True,
            person=True,
            firm=False,
        ),
        LinkKind(
            "spouse", Text("控制人的配偶", "Controller's spouse"), Text("配偶", "Spouse"), person=True, firm=False
        ),
        LinkKind("guarantor", Text("保证人", "Guarantor"), Text("为其保证", "Guarantees"), person=True),
        LinkKind("buyer", Text("买方", "Buyer"), Text("供货给", "Supplies to it")),
        LinkKind("supplier", Text("供应商", "Supplier"), Text("向其采购", "Buys from it")),
        LinkKind("custodian", Text("监管仓", "Custodian"), Text("为其保管", "Keeps goods of")),
        LinkKind("same_address", Text("地址相同", "Same address"), Text("地址相同", "Same address")),
        LinkKind(
            "same_contact",
            Text("联系方式相同", "Same contact number"),
            Text("联系方式相同", "Same contact number"),
            entered=False,
        ),
    )
}


def link_kind(key: str) -> LinkKind:
    """The kind; one that a later version or an analyst's form knows stands for itself."""
    return KINDS.get(key, LinkKind(key, Text(key, key), Text(key, key)))
