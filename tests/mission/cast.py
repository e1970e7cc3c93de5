"""Who plays in the mission, and how somebody in a play finds and does their work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Part:
    """A demo person's place in the play; `organisation` for who works for several."""

    login: str
    role: str
    organisation: str = ""


@dataclass(frozen=True)
class Work:
    """An open task as an inbox shows it: its title and address."""

    title: str
    address: str


class Player(Protocol):
    """A person at the product, over HTTP or in a browser."""

    def works(self, number: str) -> list[Work]:
        """The open tasks of a case that this person may do."""
        ...

    def answer(self, address: str, answers: Mapping[str, Any]) -> bool:
        """Fills in and submits a task's form; False where the task is no longer there."""
        ...

    def sign(self, address: str) -> bool:
        """Signs the contract that a task's page leads to; False where that is done already."""
        ...


FIRM = Part("lu.ming", "融资方 Borrower")
WAREHOUSE_FIRM = Part("tang.wei", "融资方 Borrower")
OPERATOR = Part("yun.ying", "平台运营 Operator")
STAFF = (
    Part("lei.cang", "监管仓 Warehouse keeper"),
    Part("zhou.lan", "客户经理 Customer manager"),
    Part("wang.lei", "初审 Initial reviewer"),
    Part("sun.hao", "复审 Second reviewer"),
    Part("he.ping", "复审 Second reviewer"),
    Part("guo.qiang", "贷审会 Committee"),
    Part("ma.li", "贷审会 Committee"),
    Part("zhu.jun", "贷审会 Committee"),
    Part("lin.yan", "评审主管 Review lead"),
    Part("qian.rong", "资金方签约人 Funder's signatory"),
    Part("meng.jie", "登记专员 Registration clerk"),
    Part("jin.ping", "合规专员 Compliance officer"),
    Part("bai.xue", "财务经办 Finance officer"),
    Part("fu.lei", "财务复核 Finance checker"),
    Part("yu.hai", "催收员 Collector"),
    Part("tan.bo", "外访催收员 Field collector"),
    Part("qiu.ming", "资产保全经理 Recovery manager"),
    Part("shi.lan", "风险经理 Risk manager"),
    Part("heng.jun", "评估师 Appraiser"),
)
