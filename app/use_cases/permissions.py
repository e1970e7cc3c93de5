"""Who may do which verb: the one table of verbs, and the actor who asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.errors import Forbidden
from app.texts import Text

VERBS: dict[str, Text] = {
    "work_on_tasks": Text("办理待办", "work on tasks"),
    "apply": Text("提交融资申请", "apply for financing"),
    "apply_for_others": Text("代客户录入申请", "enter applications for walk-in customers"),
    "view_cases": Text("查看本机构的申请", "see the cases of one's organisation"),
    "view_all_cases": Text("查看全部申请", "see every case"),
    "view_records": Text("查阅授信决定档案", "read decision records"),
    "view_personal_numbers": Text("查看完整证件号码", "see personal numbers in clear"),
    "sign_contracts": Text("代表本机构签署合同", "sign contracts for one's organisation"),
    "administer_people": Text("管理用户与角色", "administer people and roles"),
    "publish_definitions": Text("发布流程、表单和规则", "publish diagrams, forms and rules"),
    "edit_definitions": Text("起草流程、表单和规则", "draft diagrams, forms and rules"),
    "reassign_tasks": Text("改派待办", "give tasks to other people"),
    "view_audit": Text("查询审计日志", "search the audit log"),
    "retry_incidents": Text("重试失败的步骤", "retry failed steps"),
    "prepare_payments": Text("经办付款", "prepare payments"),
    "confirm_payments": Text("复核付款", "confirm payments"),
    "approve_payments": Text("批准大额放款", "approve large payments"),
    "simulate_credits": Text("在演示中模拟外部来款", "let money come in at the sandbox bank"),
    "view_statistics": Text("查看统计", "see statistics"),
    "view_ledger": Text("查看贷款与账务", "see loans and their accounts"),
    "manage_holds": Text("提出和解除合规暂缓", "place and clear compliance holds"),
    "keep_party_links": Text("维护企业关系", "keep the links between firms"),
    "keep_panel": Text("管理合作机构名录", "keep the panel of firms that work for the bank"),
    "view_limits": Text("查看额度", "see limits"),
    "propose_limits": Text("提出额度变更和冻结额度", "propose changes of limits and freeze them"),
    "approve_limits": Text("审批额度变更", "approve changes of limits"),
    "view_own_limits": Text("查看本企业的额度使用", "see the use of one's own limits"),
    "move_business_date": Text("调整营业日期", "move the business date"),
}

# verbs that reach beyond one's own organisation, or that only one side of a loan has: a role of another capacity
# never gets them, whoever ticks the box
_PLATFORM = frozenset({"platform"})
ONLY_FOR: dict[str, frozenset[str]] = {
    "view_all_cases": _PLATFORM,
    "administer_people": _PLATFORM,
    "publish_definitions": _PLATFORM,
    "edit_definitions": _PLATFORM,
    "reassign_tasks": _PLATFORM,
    "view_audit": _PLATFORM,
    "retry_incidents": _PLATFORM,
    "view_statistics": frozenset({"platform", "funder"}),
    "view_records": frozenset({"platform", "funder"}),
    "move_business_date": _PLATFORM,
    "view_limits": frozenset({"platform", "funder"}),
    "propose_limits": frozenset({"funder"}),
    "approve_limits": frozenset({"funder"}),
    "view_own_limits": frozenset({"borrower", "core_enterprise"}),
    "apply": frozenset({"borrower"}),
    "apply_for_others": frozenset({"funder"}),
    "prepare_payments": frozenset({"funder"}),
    "confirm_payments": frozenset({"funder"}),
    "approve_payments": frozenset({"funder"}),
    "keep_party_links": frozenset({"funder"}),
    "keep_panel": frozenset({"funder"}),
    "manage_holds": frozenset({"funder"}),
}


def fits(verb: str, capacity: str) -> bool:
    """Whether a role of this capacity may ever have the verb."""
    return verb not in ONLY_FOR or capacity in ONLY_FOR[verb]


@dataclass(frozen=True)
class Actor:
    """A logged-in person acting for one organisation; roles and verbs are those of that membership."""

    person_id: int
    name_zh: str
    name_en: str
    organisation_id: int
    organisation_name: Text
    organisation_kind: str
    roles: frozenset[str]
    role_names: tuple[Text, ...] = ()
    verbs: frozenset[str] = field(default_factory=frozenset)
    organisations: int = 1
    must_change_password: bool = False

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    @property
    def case_scope(self) -> int | None:
        """The organisation whose cases the actor may see; None for those who see every case."""
        return None if "view_all_cases" in self.verbs else self.organisation_id


def may(verb: str, actor: Actor) -> bool:
    """Whether the actor has the right; templates ask this to show a button."""
    assert verb in VERBS, f"{verb} is no verb"
    return verb in actor.verbs


def require(verb: str, actor: Actor) -> None:
    """Raises Forbidden when the actor lacks the right."""
    if not may(verb, actor):
        what = VERBS[verb]
        raise Forbidden(f"您的角色不能{what.zh}。", f"Your role may not {what.en}.")
