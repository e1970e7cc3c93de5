"""The named errors of the engine: each says at which element of the diagram a step could not be done, and why."""

from __future__ import annotations

from app.errors import Conflict, ProductError
from app.texts import Text


class EngineFailure(ProductError):
    """A step of an instance could not be done; nothing of it was kept and the state before it stays valid.

    `element_id` and `name` are the element's, as drawn; `text` says in both languages what was wrong there.
    """

    def __init__(self, element_id: str, name: Text, text: Text) -> None:
        super().__init__(f"“{name.zh or element_id}”：{text.zh}", f"“{name.of('en') or element_id}”: {text.of('en')}")
        self.element_id, self.name, self.reason = element_id, name, text


class UncaughtError(EngineFailure):
    """An error was thrown that nothing around its element catches; `code` is its code."""

    def __init__(self, element_id: str, name: Text, code: str, text: str = "") -> None:
        because = f"：{text}" if text else ""
        english = f": {text}" if text else ""
        zh, en = f"错误 {code} 没有任何边界事件处理{because}", f"no boundary event catches the error {code}{english}"
        super().__init__(element_id, name, Text(zh, en))
        self.code = code


class NotWaiting(Conflict):
    """The task, operation or subscription is no longer open: somebody was first, or an event withdrew it."""

    def __init__(self, task_id: str) -> None:
        super().__init__("这项任务已经不再等待处理。", "This task is no longer waiting.")
        self.task_id = task_id
