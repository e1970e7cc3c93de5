"""Measures the engine: `python -m tests.engine.measure` prints CPU ms a completion, state bytes and the ratio.

The ratio compares an instance with 1,000 finished tasks to one with 10 in the same loop; at most 1.2 is the budget.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from app.engine import Outcome, Release, complete_task
from tests.engine.diagrams import END, NOW, START, begin, boundary, complete, element, flows, release, timer, user

ROUNDS = 400
BATCHES = 7


def cpu_ms(act: Callable[[], object]) -> float:
    """The median over batches of the CPU milliseconds of one call."""
    figures = []
    for _ in range(BATCHES):
        begun = time.process_time()
        for _ in range(ROUNDS):
            act()
        figures.append((time.process_time() - begun) * 1000 / ROUNDS)
    return statistics.median(figures)


def long_path(tasks: int = 16) -> Release:
    """A diagram of about 40 elements: user tasks with deadlines and gateways between them, in a loop."""
    keys = [f"t{n}" for n in range(tasks)]
    parts = [user(key, {"answer.text": "=text", "n": "=n + 1"}) for key in keys]
    parts += [boundary(f"late{n}", key, timer("P2D")) for n, key in enumerate(keys) if n % 2]
    parts += [element("exclusiveGateway", f"g{n}", default=f"g{n}_e{n}") for n in range(tasks // 4)]
    parts += [element("endEvent", f"e{n}") for n in range(tasks // 4)]
    pairs, conditions = ["start>t0"], {}
    for n, key in enumerate(keys):
        after = keys[(n + 1) % tasks]
        if n % 4 == 3:
            gate = f"g{n // 4}"
            pairs += [f"{key}>{gate}", f"{gate}>{after}", f"{gate}>e{n // 4}"]
            conditions[f"{gate}_{after}"] = "= n > 0 and answer.text != null"
        else:
            pairs.append(f"{key}>{after}")
    pairs += [f"late{n}>end" for n in range(tasks) if n % 2]
    return release(START, END, *parts, flows(*pairs, **conditions))


def after_tasks(of: Release, finished: int) -> Outcome:
    """An instance that stands at t0 again after about so many finished tasks, with 4 KB of variables."""
    outcome = begin(of, n=0, answer={"text": ""}, data={f"field_{n}": f"value {n} " * 8 for n in range(45)})
    done = 0
    while done < finished or outcome.waiting_at != ("t0",):
        outcome = complete(of, outcome, outcome.waiting_at[0], text="checked")
        done += 1
    return outcome


def main() -> None:
    """Print the figures."""
    of = long_path()
    figures = {}
    for finished in (10, 1000):
        outcome = after_tasks(of, finished)
        state, task = outcome.state, outcome.tasks_created[0].task_id
        assert state is not None
        figures[finished] = cpu_ms(lambda s=state, t=task: complete_task(of, s, t, {"text": "checked"}, NOW))  # type: ignore[misc]
        print(f"{finished} finished tasks: {figures[finished]:.3f} ms CPU a completion, state {len(state)} bytes")
    print(f"ratio {figures[1000] / figures[10]:.2f}; elements {len(of.process.definition.elements)}")


if __name__ == "__main__":
    main()
