"""Block-structured processes: drawn as BPMN, and played by a small interpreter that knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise

from tests.engine.diagrams import element, escaped, flows, script, user


@dataclass(frozen=True)
class Block:
    """`sort` is task, sequence, all, one, some or loop; `parts` its blocks.

    `taken` says which parts are played: of "one" the first number, of "some" each number, of "loop" how many turns.
    """

    sort: str
    parts: tuple[Block, ...] = ()
    taken: tuple[int, ...] = ()


class Drawing:
    """The BPMN of a block: elements, flows and what the variables must be; task ids are t1, t2 ... in reading order."""

    def __init__(self, block: Block) -> None:
        self._numbers = count(1)
        self.parts: list[str] = []
        self.pairs: list[str] = []
        self.conditions: dict[str, str] = {}
        first, last = self._draw(block)
        ends = [element("startEvent", "start"), element("endEvent", "end")]
        self.pairs += [f"start>{first}", f"{last}>end"]
        self.text = "".join((*ends, *self.parts, flows(*self.pairs, **self.conditions)))

    def _key(self, sort: str) -> str:
        return f"{sort}{next(self._numbers)}"

    def _draw(self, block: Block) -> tuple[str, str]:
        return getattr(self, f"_{block.sort}")(block)

    def _task(self, block: Block) -> tuple[str, str]:
        key = self._key("t")
        self.parts.append(user(key))
        return key, key

    def _sequence(self, block: Block) -> tuple[str, str]:
        drawn = [self._draw(part) for part in block.parts]
        self.pairs += [f"{before[1]}>{after[0]}" for before, after in pairwise(drawn)]
        return drawn[0][0], drawn[-1][1]

    def _gateways(self, tag: str, sort: str, default: str = "") -> tuple[str, str]:
        split, join = self._key(f"{sort}_split"), self._key(f"{sort}_join")
        self.parts += [element(tag, split), element(tag, join)]
        return split, join

    def _fan(self, block: Block, tag: str, conditions: list[str]) -> tuple[str, str]:
        split, join = self._gateways(tag, block.sort)
        for part, condition in zip(block.parts, conditions, strict=True):
            first, last = self._draw(part)
            self.pairs += [f"{split}>{first}", f"{last}>{join}"]
            if condition:
                self.conditions[f"{split}_{first}"] = condition
        return split, join

    def _all(self, block: Block) -> tuple[str, str]:
        return self._fan(block, "parallelGateway", ["" for _ in block.parts])

    def _one(self, block: Block) -> tuple[str, str]:
        chosen = [escaped(f"= {n} = {block.taken[0]}") for n, _ in enumerate(block.parts)]
        return self._fan(block, "exclusiveGateway", chosen)

    def _some(self, block: Block) -> tuple[str, str]:
        chosen = [f"= {str(n in block.taken).lower()}" for n, _ in enumerate(block.parts)]
        return self._fan(block, "inclusiveGateway", chosen)

    def _loop(self, block: Block) -> tuple[str, str]:
        key = self._key("loop")
        zero, plus, enter, again = f"{key}_zero", f"{key}_plus", f"{key}_in", f"{key}_again"
        self.parts += [script(zero, f"n_{key}", "=0"), script(plus, f"n_{key}", f"=n_{key} + 1")]
        self.parts += [
            element("exclusiveGateway", enter),
            element("exclusiveGateway", again, default=f"{again}_{key}_out"),
        ]
        self.parts.append(element("task", f"{key}_out"))
        first, last = self._draw(block.parts[0])
        self.pairs += [f"{zero}>{enter}", f"{enter}>{first}", f"{last}>{plus}", f"{plus}>{again}"]
        self.pairs += [f"{again}>{enter}", f"{again}>{key}_out"]
        self.conditions[f"{again}_{enter}"] = escaped(f"= n_{key} < {block.taken[0]}")
        return zero, f"{key}_out"


class Play:
    """The interpreter: `open` is the set of tasks that wait, `finish` plays one of them."""

    def __init__(self, block: Block) -> None:
        self._root = _instance(block, count(1))

    @property
    def open(self) -> frozenset[str]:
        """The ids of the tasks that wait now."""
        return frozenset(self._root.open())

    def finish(self, task: str) -> None:
        """One waiting task is done."""
        self._root.finish(task)


class _Node:
    """A block in play; `done` when nothing is left of it."""

    def __init__(self, block: Block, key: str, parts: list[_Node]) -> None:
        self.block, self.key, self.parts = block, key, parts
        self.reset()

    def reset(self) -> None:
        self.turns = 0
        self.finished = False
        for part in self.parts:
            part.reset()

    @property
    def done(self) -> bool:
        if self.block.sort == "task":
            return self.finished
        if self.block.sort == "loop":
            return self.parts[0].done and self.turns + 1 >= self.block.taken[0]
        return all(part.done for part in self._played())

    def _played(self) -> list[_Node]:
        sort, taken = self.block.sort, self.block.taken
        if sort == "one":
            return [self.parts[taken[0]]]
        return [self.parts[n] for n in taken] if sort == "some" else self.parts

    def _active(self) -> list[_Node]:
        live = [part for part in self._played() if not part.done]
        return live[:1] if self.block.sort == "sequence" else live

    def open(self) -> Iterator[str]:
        if self.block.sort == "task":
            if not self.finished:
                yield self.key
            return
        for part in self._active():
            yield from part.open()

    def finish(self, task: str) -> None:
        if self.block.sort == "task":
            self.finished = True
            return
        next(part for part in self._active() if task in part.open()).finish(task)
        if self.block.sort == "loop" and self.parts[0].done and self.turns + 1 < self.block.taken[0]:
            self.turns += 1
            self.parts[0].reset()


def _instance(block: Block, numbers: Iterator[int]) -> _Node:
    # Numbers are drawn in the same order as in Drawing: a gateway's own before its parts, a task's when it is drawn.
    key = ""
    if block.sort == "task":
        key = f"t{next(numbers)}"
    elif block.sort in ("all", "one", "some"):
        next(numbers), next(numbers)
    elif block.sort == "loop":
        next(numbers)
    return _Node(block, key, [_instance(part, numbers) for part in block.parts])
