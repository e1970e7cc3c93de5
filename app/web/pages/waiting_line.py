"""What a page says of steps that wait for an answer from outside, in a person's words."""

from __future__ import annotations

from collections.abc import Iterable

from app.texts import Text
from app.use_cases.cases.waiting_steps import WaitingStep
from app.web.present import short


def waiting_line(steps: Iterable[WaitingStep]) -> Text:
    """A sentence for each step: what is missing, why, how often it was tried and when it is tried next."""
    said = [_sentence(step) for step in steps]
    return Text(" ".join(one.zh for one in said), " ".join(one.en for one in said))


def _sentence(step: WaitingStep) -> Text:
    lacks = Text("还没有取到", "has not arrived") if step.outside else Text("还没有完成", "is not done")
    again = Text("正在重试。", "being tried now.")
    if step.next_at is not None:
        again = Text(f"下一次 {short(step.next_at)}。", f"next {short(step.next_at)}.")
    times = f"{step.tried} time{'' if step.tried == 1 else 's'}"
    return Text(
        f"{step.name.zh}{lacks.zh}：{step.why.zh}已试 {step.tried} 次，{again.zh}",
        f"{step.name.en} {lacks.en}: {step.why.en} Tried {times}, {again.en}",
    )
