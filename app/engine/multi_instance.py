"""Multi-instance activities, parallel and sequential: one inner activity for each item of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.activities import Activity
from app.engine.element_spec import withdraw
from app.engine.expressions import Value, failure, value_of
from app.engine.scopes import write
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.definition import Element
    from app.engine.element_spec import ProcessSpec
    from app.engine.tokens import Token

INNER = "#each"  # ends the name of the inner activity's task spec
MAX_ITEMS = 1_000
_NAME = re.compile(r"=\s*([^\W\d]\w*)\s*")


class MultiInstanceSpec(Activity):
    """The body around the instances: it carries the flows and boundary events, the inner activity all the rest.

    Its task keeps, beside the results so far, the items that a sequential one has still to begin.
    """

    is_multi_instance = True

    def __init__(self, process: ProcessSpec, element: Element, inner: Activity) -> None:
        super().__init__(process, element)
        assert element.multi is not None
        self.inner, self.characteristics = inner, element.multi
        self.items: Value = value_of(element.multi["items"])
        self.output: Value | None = value_of(element.multi["output"]) if element.multi["output"] else None
        self.condition: Value | None = value_of(element.multi["condition"]) if element.multi["condition"] else None

    def _update_hook(self, my_task: Token) -> bool:
        self.arm_boundaries(my_task)
        items = self.items.plain(my_task)
        if not isinstance(items, list):
            zh, en = "多实例的集合不是列表。", "The collection of the multi-instance is no list."
            raise failure(my_task, Text(f"{zh}（{self.items.source}）", f"{en} ({self.items.source})"))
        if len(items) > MAX_ITEMS:
            zh, en = f"多实例超过 {MAX_ITEMS} 项。", f"The multi-instance has more than {MAX_ITEMS} items."
            raise failure(my_task, Text(zh, en))
        kept = my_task.internal_data
        kept.update(total=len(items), begun=0, done=0)
        if self.output is not None:
            kept["results"] = [None] * len(items)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        begin_now = items[:1] if self.characteristics["sequential"] else items
        kept["items"] = items[len(begin_now) :]
        for item in begin_now:
            self._begin_instance(my_task, item)
        return False

    def _begin_instance(self, body: Token, item: Plain) -> None:
        kept = body.internal_data
        kept["begun"] += 1
        variables: dict[str, Plain] = {"loopCounter": kept["begun"]}
        if self.characteristics["item"]:
            variables[self.characteristics["item"]] = item
        result = _NAME.fullmatch(self.output.source) if self.output is not None else None
        if result is not None:  # its own variable in each instance, so that parallel ones do not overwrite each other
            variables.setdefault(result[1], None)
        body.workflow.enter(body, self.inner, data=variables)

    def instance_done(self, body: Token, token: Token) -> None:
        """One instance is finished: collect its result, then begin the next one, wait for the others, or end."""
        kept, instance = body.internal_data, body.workflow
        kept["done"] += 1
        if self.output is not None:
            kept["results"][token.data["loopCounter"] - 1] = self.output.plain(token)
        complete = kept["done"] == kept["total"] or self._condition_holds(token, kept)
        instance.remove(token)
        if complete:
            for other in body.live_children:
                withdraw(other)
            instance.finish(body, {})
        elif self.characteristics["sequential"]:
            self._begin_instance(body, kept["items"].pop(0))

    def _condition_holds(self, token: Token, kept: dict[str, Any]) -> bool:
        if self.condition is None:
            return False
        active = kept["begun"] - kept["done"]
        counts = {"Instances": kept["total"], "ActiveInstances": active, "CompletedInstances": kept["done"]}
        token.data.update({f"numberOf{name}": count for name, count in counts.items()}, numberOfTerminatedInstances=0)
        if self.characteristics["collection"] and self.output is not None:
            # the results so far, null where an instance still runs, as Camunda shows them to the condition
            token.data[self.characteristics["collection"]] = kept["results"]
        return self.condition.truth(token)

    def apply_outputs(self, token: Token) -> None:
        """The list of results goes to the scope around; the io mappings were the inner activities'."""
        collection = self.characteristics["collection"]
        if collection:
            write(token.parent, collection, token.internal_data.get("results", []))

    def apply_inputs(self, token: Token) -> None:
        """Nothing: the input mappings are evaluated for each instance."""

    def note_step(self, token: Token) -> None:
        """Nothing: the history has a line for each instance."""
