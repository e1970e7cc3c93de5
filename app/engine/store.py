"""The state of an instance as bytes: its live tasks only, as JSON under zstd, about a kilobyte."""

from __future__ import annotations

from uuid import UUID

import zstandard

from app.engine.expressions import failure
from app.engine.release import Release
from app.engine.tokens import Instance, Token
from app.moment import Moment
from app.plain import dumps, loads
from app.texts import Text

FORMAT = 1
MAX_STATE_BYTES = 2_000_000


def save(instance: Instance) -> bytes:
    """The bytes of the instance; EngineFailure where its variables have grown beyond two million bytes."""
    places: dict[UUID, int] = {}
    rows = []
    for token in instance.in_order():
        places[token.id] = len(places)
        parent = -1 if token.parent is None else places[token.parent.id]
        reference = instance.release.reference(token.task_spec)
        rows.append([str(token.id), reference, parent, token.state, token.data, token.internal_data])
    try:
        written = dumps({"format": FORMAT, "tasks": rows})
    except TypeError as fault:  # for example a whole number beyond 64 bits
        zh, en = f"变量无法保存：{fault}", f"The variables cannot be kept: {fault}"
        raise failure(instance.task_tree, Text(zh, en)) from fault
    if len(written) > MAX_STATE_BYTES:
        zh = f"流程变量超过 {MAX_STATE_BYTES} 字节。"
        raise failure(instance.task_tree, Text(zh, f"The variables have more than {MAX_STATE_BYTES} bytes."))
    return zstandard.compress(written, 3)


def restore(release: Release, state: bytes, moment: Moment) -> Instance:
    """A fresh instance from bytes that `save` wrote, on the release that it runs on."""
    stored = loads(zstandard.decompress(state, max_output_size=MAX_STATE_BYTES * 2))
    assert stored["format"] == FORMAT, "the state was written by another version of the engine"
    instance = Instance(release, moment)
    tokens: list[Token] = []
    for key, reference, parent, task_state, data, internal_data in stored["tasks"]:
        token = _restore_token(instance, tokens, UUID(key), reference, parent)
        token._set_state(task_state)
        token.data, token.internal_data = data, internal_data
        tokens.append(token)
    return instance


def _restore_token(instance: Instance, tokens: list[Token], key: UUID, reference: str, parent: int) -> Token:
    spec = instance.release.spec(reference)
    return instance.plant(spec, key) if parent < 0 else Token(instance, spec, tokens[parent], id=key)
