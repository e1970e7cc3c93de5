"""A running instance as SpiffWorkflow's task tree, kept so that it holds live tasks only.

A finished task leaves the tree at once and its successors take its place under the scope around it, so the tree is
exactly the open scopes and what waits in them: nothing is predicted, nothing old can be counted again by a join, and
neither depth nor size grows with the history (SpiffWorkflow's own tree ends silently at depth 1000).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from app.engine.expressions import failure
from app.engine.failures import NotWaiting
from app.engine.recorder import Recorder
from app.moment import Moment
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.element_spec import ElementSpec
    from app.engine.release import Release

MAX_STEPS = 10_000


class Token(Task):
    """A task of the tree; `data` holds the variables of its own scope, `internal_data` what it needs to go on."""

    workflow: Instance
    task_spec: ElementSpec
    data: dict[str, Plain]
    internal_data: dict[str, Any]

    def _set_state(self, value: int) -> None:
        # The library logs each change with the whole data of the task; variables never belong in a log.
        self._state = value

    def _add_child(self, task_spec: ElementSpec, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state=state)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a timer or message, or at a join for the other branches."""
        return bool(self._state == TaskState.WAITING)

    @property
    def is_started(self) -> bool:
        """Whether it is under way outside, as an operation, or inside, as a scope."""
        return bool(self._state == TaskState.STARTED)

    @property
    def is_completed(self) -> bool:
        """Whether it is finished, not withdrawn."""
        return bool(self._state == TaskState.COMPLETED)

    @property
    def live_children(self) -> list[Token]:
        """The tasks inside this scope, without the boundary events and event sub-processes that only wait beside it."""
        return [child for child in self.children if not child.task_spec.is_armed(child)]

    def around(self) -> Iterator[Token]:
        """This task, then each scope around it, outwards."""
        at: Token | None = self
        while at is not None:
            yield at
            at = at.parent


class Instance(Workflow):
    """One running instance: the tree, the clock's reading for this run, and what the run has done so far."""

    def __init__(self, release: Release, moment: Moment) -> None:
        super().__init__(release.process.spec, deserializing=True)
        self.release, self.moment = release, moment
        self.record = Recorder()
        self.ready: deque[Token] = deque()
        self.steps_left = MAX_STEPS

    def plant(self, spec: ElementSpec, token_id: UUID | None = None) -> Token:
        """Make the root of the tree: the process itself."""
        self.task_tree = Token(self, spec, state=TaskState.STARTED, id=token_id)
        return self.task_tree

    def enter(self, scope: Token, spec: ElementSpec, *, flow: str = "", data: dict[str, Plain] | None = None) -> Token:
        """Put a new task into a scope and let it begin; `flow` is the sequence flow by which it came."""
        token = scope._add_child(spec)
        token.data.update(data or {})
        if flow and spec.counts_flows:
            token.internal_data["flow"] = flow
        spec._update(token)
        return token

    def pass_on(
        self, scope: Token, spec: ElementSpec, result: dict[str, Plain], local: dict[str, Plain] | None = None
    ) -> Token:
        """Put an event that just happened into a scope; `result` is what it brought, `local` only its mappings see."""
        token = scope._add_child(spec)
        token.data.update(local or {})
        token.internal_data["fired"] = True
        token.internal_data["result"] = result
        spec._update(token)
        return token

    def finish(self, token: Token, result: dict[str, Plain]) -> None:
        """Complete a waiting task with what it brought."""
        token.internal_data["result"] = result
        token.complete()

    def remove(self, token: Token) -> None:
        """Take a task and everything in it out of the tree."""
        self._remove_task(token.id)

    def has(self, token: Token) -> bool:
        """Whether the task is still in the tree: nothing withdrew it meanwhile."""
        return token.id in self.tasks

    def run(self) -> None:
        """Take every step that needs nobody from outside."""
        while self.ready or self._release_join():
            token = self.ready.popleft()
            if not self.has(token):
                continue
            self.spend(token)
            token.run()
        self._refuse_dead_end()

    def spend(self, token: Token) -> None:
        """Take one step off the budget of this run; EngineFailure where it is used up."""
        self.steps_left -= 1
        if self.steps_left < 0:
            zh = f"一次运行超过 {MAX_STEPS} 步：流程在没有人参与的情况下无限循环。"
            en = f"More than {MAX_STEPS} steps in one run: the diagram loops without end."
            raise failure(token, Text(zh, en))

    def waiting(self, task_id: str, sort: type[ElementSpec] | tuple[type[ElementSpec], ...]) -> Token:
        """The open task of that id and sort; NotWaiting where there is none (any more)."""
        try:
            token: Token | None = self.tasks.get(UUID(task_id))
        except ValueError as fault:
            raise NotWaiting(task_id) from fault
        if token is None or not isinstance(token.task_spec, sort):
            raise NotWaiting(task_id)
        return token

    def in_order(self) -> Iterator[Token]:
        """Every task of the tree, scopes before what is in them."""
        pending = [self.task_tree]
        while pending:
            token = pending.pop()
            yield token
            pending.extend(reversed(token.children))

    def _release_join(self) -> bool:
        """Let one inclusive join go on that nothing can reach any more; False where there is none."""
        if self.completed:
            return False
        return any(token.task_spec.may_go_on(token) for token in self.in_order())

    def _refuse_dead_end(self) -> None:
        """A join that can never be reached is a fault of the diagram, not an instance that waits."""
        if self.completed or any(token.task_spec.can_be_woken(token) for token in self.in_order()):
            return
        stuck = next((token for token in self.in_order() if token.is_waiting), self.task_tree)
        zh, en = "汇合网关等待的分支永远不会到达。", "It waits for a branch that can never arrive."
        raise failure(stuck, Text(zh, en))

    def _task_completed_notify(self, task: Token) -> None:
        # The library walks the whole tree here to wake joins; ours look at their scope when a task arrives.
        return

    def _task_removed_notify(self, task: Token) -> None:
        task.task_spec.closed(task)
