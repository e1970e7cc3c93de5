"""Tasks about contracts: which of them a task's page lists, and which one is signed instead of a form being sent."""

from __future__ import annotations

from app.errors import Refused
from app.storage.user_tasks import UserTask
from app.use_cases.contracts.show_contract import ContractLine, list_contracts
from app.use_cases.permissions import Actor

CONTRACTS = "contracts"  # the task's property
SHOW, SIGN = "show", "sign"
WAYS = (SHOW, SIGN)
SIGNATURE = "signature"  # the task's variable, one of those that generate_contracts gives


def is_signed(task: UserTask) -> bool:
    """Whether signing its contract is what ends the task."""
    return (task.properties or {}).get(CONTRACTS) == SIGN


def require_form_ends(task: UserTask) -> None:
    """Raises Refused for a task that a signature ends: whoever sends its form has signed nothing."""
    if is_signed(task):
        raise Refused(
            "这项任务在合同页上签署后自动完成，不能从这里提交。",
            "This task ends by itself when the contract is signed on its page; it cannot be submitted here.",
        )


def contracts_of_task(actor: Actor, task: UserTask, case_number: str) -> tuple[ContractLine, ...]:
    """The contracts that the page lists: the one to sign, or all of the case that the actor may read; () for others."""
    way = (task.properties or {}).get(CONTRACTS)
    if way is None:
        return ()
    found = list_contracts(actor, case_number)
    if way == SHOW:
        return tuple(one for one in found if one.state != "lapsed")
    signature = (task.variables or {}).get(SIGNATURE)
    number = signature.get("contract") if isinstance(signature, dict) else None
    return tuple(one for one in found if one.number == number)
