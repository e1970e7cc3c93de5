"""Warns of names in uploaded files that nothing knows: forms, tables, operations, roles, processes and messages."""

from __future__ import annotations

from collections.abc import Iterator

from app.texts import Text
from app.use_cases.definitions.in_force import KnownNames
from app.use_cases.definitions.verdicts import WARNING, Asked, CheckedFile, Finding

_SAYS = {
    "form": Text("没有表单“{key}”。", 'There is no form "{key}".'),
    "decision": Text("没有规则表“{key}”。", 'There is no rule table "{key}".'),
    "operation": Text("产品没有操作“{key}”。", 'The product has no operation "{key}".'),
    "role": Text("没有角色“{key}”，谁也领不到这一步。", 'There is no role "{key}", so nobody could do this step.'),
    "process": Text("没有流程“{key}”。", 'There is no process "{key}".'),
    "caught": Text(
        "没有谁会发送消息“{key}”，这里会一直等。", 'Nobody sends the message "{key}", so this would wait for ever.'
    ),
    "thrown": Text("没有谁接收消息“{key}”。", 'Nobody receives the message "{key}".'),
}
_MENDS = {
    "form": Text("请一起上传这张表单，或改用已有的表单。", "Upload that form too, or use one that exists."),
    "decision": Text("请一起上传这张规则表，或改用已有的。", "Upload that table too, or use one that exists."),
    "operation": Text("请在分析师手册的操作表里选一个。", "Choose one from the list in the analyst's guide."),
    "role": Text("请改用已有的角色，或请管理员先建立。", "Use a role that exists, or ask an administrator to make it."),
    "process": Text("请一起上传这个流程，或改正编号。", "Upload that process too, or correct its id."),
    "caught": Text("请检查消息名是否写错。", "Check the message's name for a mistake."),
    "thrown": Text(
        "请检查消息名是否写错；若不再需要，请删除这个事件。",
        "Check the name for a mistake, or delete the event if it is not needed.",
    ),
}
# without these a release cannot run, so publication refuses them
WILL_BE_REFUSED = Text("补上之前不能发布。", " It cannot be published until this is mended.")
NEEDED = frozenset({"form", "decision", "operation", "role", "process"})


def warn_of_unknown(checked: CheckedFile, known: KnownNames) -> CheckedFile:
    """The verdict with a warning for each name that nothing knows."""
    return checked.with_warnings(tuple(_warnings(checked, known)))


def _warnings(checked: CheckedFile, known: KnownNames) -> Iterator[Finding]:
    for asked in checked.asked:
        if not known.knows(asked.sort, asked.key):
            yield _warning(asked)


def _warning(asked: Asked) -> Finding:
    says = _SAYS[asked.sort]
    then = WILL_BE_REFUSED if asked.sort in NEEDED else Text("")
    text = Text(says.zh.format(key=asked.key) + then.zh, says.en.format(key=asked.key) + then.en)
    return Finding(asked.element, asked.name, asked.line, WARNING, text, _MENDS[asked.sort])
