"""Random block-structured processes: at every step the engine waits exactly where an independent interpreter waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.engine import complete_task
from tests.engine.blocks import Block, Drawing, Play
from tests.engine.diagrams import NOW, begin, release
from tests.soak import soaking


def grown(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda parts: Block("sequence", parts)),
        several.map(lambda parts: Block("all", parts)),
        several.flatmap(lambda parts: st.integers(0, len(parts) - 1).map(lambda n: Block("one", parts, (n,)))),
        several.flatmap(
            lambda parts: st.lists(st.integers(0, len(parts) - 1), min_size=1, unique=True).map(
                lambda taken: Block("some", parts, tuple(sorted(taken)))
            )
        ),
        st.tuples(inner, st.integers(1, 3)).map(lambda made: Block("loop", (made[0],), (made[1],))),
    )


BLOCKS = st.recursive(st.just(Block("task")), grown, max_leaves=9)


@soaking(150)
@given(BLOCKS, st.randoms(use_true_random=False))
def test_the_engine_waits_where_the_block_structure_says(block: Block, random) -> None:  # type: ignore[no-untyped-def]
    of, play = release(Drawing(block).text), Play(block)
    outcome = begin(of)
    ids = {task.element_id: task.task_id for task in outcome.tasks_created}
    while play.open:
        assert frozenset(outcome.waiting_at) == play.open
        task = random.choice(sorted(play.open))
        assert outcome.state is not None
        outcome = complete_task(of, outcome.state, ids[task], {}, NOW)
        play.finish(task)
        ids |= {created.element_id: created.task_id for created in outcome.tasks_created}
    assert outcome.status == "completed"
