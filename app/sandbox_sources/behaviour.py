"""How each sandbox source treats who asks: an operator or a test chooses, and a file keeps it over restarts."""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.config import SOURCES
from app.errors import Refused
from app.texts import Text

OK = "ok"
BEHAVIOURS = {
    OK: Text("立即回答", "answers at once"),
    "slow": Text("几秒后回答，不超时", "answers after some seconds, within the time-out"),
    "stalled": Text("开始回答但不发完", "begins its answer and never ends it"),
    "down": Text("不作声地断开连接", "closes the connection without a word"),
    "failing": Text("回答 500", "answers 500"),
    "busy": Text("回答 429", "answers 429"),
    "wrong_type": Text("该写数字的地方写了文字", "sends a text where a number belongs"),
    "wrong_firm": Text("答的是另一家企业", "answers about another firm"),
    "html": Text("返回网页而不是 JSON", "sends a page instead of JSON"),
    "truncated": Text("只发一半内容", "sends half of an answer"),
    "error_in_200": Text("以 200 返回错误", "answers 200 with an error in it"),
    "wrong_signature": Text("用别的密钥签名", "signs with another secret"),
    "replayed": Text("重放以前的签名", "repeats the signature of an earlier answer"),
    "huge": Text("发来几兆字节", "sends megabytes"),
    "redirect": Text("把询问者引到别处", "sends the caller elsewhere"),
    "late": Text(
        "先回答 202，一分钟后再问才有结果", "answers 202 first, and really when it is asked again a minute later"
    ),
    "pushed": Text("先回答 202，几秒后回调三次", "answers 202 first, and calls back some seconds later, three times"),
    "duplicated": Text("立即回答，又用同样内容回调两次", "answers at once, and calls back with the same twice"),
}


class Behaviours:
    """What every source does now, read from the file whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path, self._stamp = path, 0
        self._chosen: dict[str, str] = {}

    def of(self, source: str) -> str:
        """One of BEHAVIOURS, ok where nothing was chosen."""
        stamp = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if stamp != self._stamp:
            self._chosen, self._stamp = (chosen(self._path) if stamp else {}), stamp
        return self._chosen.get(source, OK)


def chosen(path: Path) -> dict[str, str]:
    """Source -> behaviour as the file has it; what is no source or no behaviour is left out."""
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {source: name for source, name in found if source in SOURCES and name in BEHAVIOURS}


def choose(path: Path, source: str, behaviour: str) -> None:
    """Lets a source behave so from now on; raises Refused for one that is none."""
    if source not in SOURCES or behaviour not in BEHAVIOURS:
        raise Refused(
            f"没有这个数据源或表现：{source} {behaviour}", f"There is no such source or behaviour: {source} {behaviour}"
        )
    kept = {**chosen(path), source: behaviour}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(kept, indent=1, sort_keys=True), "utf-8")
    os.replace(draft, path)
