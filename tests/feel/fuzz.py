"""`make fuzz`: coverage-guided fuzzing of FEEL and DMN by atheris, which is no requirement of the project.

`python -m tests.feel.fuzz SECONDS` spends so many seconds of CPU on expressions, unary tests and DMN files, starting
from tests/feel/corpus and every FEEL text of rules/. A finding is an exception that is no FeelError or
DefinitionRefused, a result that is no FEEL value, or more than five seconds of CPU; it is written to var/fuzz, and the
run goes on. The last line is a JSON object.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import atheris
from lxml import etree

with atheris.instrument_imports(include=["app.feel", "app.decisions"]):
    from app.decisions import parse_dmn
    from app.errors import DefinitionRefused
    from app.feel import FeelError, parse_expression, parse_unary_tests, to_plain
    from app.moment import Moment

from tests.feel.plain_feel import feel_faults

NOON = Moment.at(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
ROOT = Path(__file__).parents[2]
FOUND = ROOT / "var" / "fuzz"
MOST_SECONDS = 5.0  # instrumented code is four times as slow
SCOPE = {
    **{"x": Decimal("1.5"), "n": 3, "s": "abc", "flag": True, "none": None, "xs": [{"a": 1}, {"a": None}, 3, "b"]},
    **{"d": {"e": {"f": [1]}}, "numbers": [3, 1, 2], "day": "2026-01-31", "texts": ["b", "a"]},
}
MODEL = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n">'
    '<decision id="d" name="d"><decisionTable id="t" hitPolicy="{policy}"><input id="i"><inputExpression id="e"><text>'
    '<![CDATA[{a}]]></text></inputExpression></input><output id="o" name="o"/><rule id="r"><inputEntry id="c"><text>'
    "<![CDATA[{b}]]></text></inputEntry><outputEntry id='u'><text><![CDATA[{c}]]></text></outputEntry></rule>"
    "</decisionTable></decision></definitions>"
)
POLICIES = ("UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER", 'COLLECT" aggregation="SUM', 'COLLECT" aggregation="MIN')


class Fuzzing:
    """One run: how long it may go on, what it counted and found."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.executions, self.slowest = seconds, 0, 0.0
        self.findings: dict[str, str] = {}

    def one(self, data: bytes) -> None:
        """One input: its first byte chooses what reads the rest."""
        if time.process_time() > self.seconds:
            raise KeyboardInterrupt
        self.executions += 1
        started = time.process_time()
        try:
            read(data)
        except (FeelError, DefinitionRefused):
            pass
        except Exception as error:
            self._keep(f"{type(error).__name__} at {where(error)}", data)
        taken = time.process_time() - started
        self.slowest = max(self.slowest, taken)
        if taken > MOST_SECONDS:
            self._keep(f"{taken:.0f} s and more", data)

    def _keep(self, name: str, data: bytes) -> None:
        if name not in self.findings:
            FOUND.mkdir(parents=True, exist_ok=True)
            path = FOUND / f"finding-{len(self.findings)}"
            path.write_bytes(data)
            self.findings[name] = path.name
            print(f"FOUND {name}: {path.name} {data[:200]!r}", flush=True)


def where(error: BaseException) -> str:
    """The innermost place in the product that raised."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/app/" in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "no place of the product"


def read(data: bytes) -> None:
    """What the product does with the bytes; FeelError and DefinitionRefused are its right to refuse."""
    kind, rest = (data[0] if data else 0) % 4, data[1:]
    text = rest.decode("utf-8", "surrogateescape" if kind % 2 else "replace") if kind < 3 else ""
    if kind == 0:
        found = parse_expression(text, ("date of birth", "x")).evaluate(SCOPE, NOON)
        assert not feel_faults(found), "a Python object came out"
        to_plain(found)
    elif kind == 1:
        found = parse_unary_tests(text).matches(Decimal(3), SCOPE, NOON)
        assert found in (True, False, None), "unary tests gave no truth value"
    elif kind == 2:
        a, b, c, *_ = (*text.replace("]]>", "").split("\n"), "", "", "")
        policy = POLICIES[len(text) % len(POLICIES)]
        decided(MODEL.format(policy=policy, a=a, b=b, c=c).encode("utf-8", "replace"))
    else:
        decided(rest)


def decided(xml: bytes) -> None:
    """Reads a file and evaluates every decision of it."""
    model = parse_dmn(xml)
    for each in list(model.decisions)[:5]:
        model.evaluate(each, SCOPE, NOON)


def seeds() -> Iterator[bytes]:
    """The corpus, and the FEEL texts of the product's own tables."""
    for path in sorted((ROOT / "tests" / "feel" / "corpus").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            yield b"\0" + line.encode()
            yield b"\1" + line.encode()
    for path in sorted((ROOT / "rules").glob("*.dmn")):
        texts = {"".join(each.itertext()).strip() for each in etree.parse(path).iter("{*}text")}
        yield from (b"\1" + text.encode() for text in sorted(texts))
        yield b"\3" + path.read_bytes()[:4000]
    yield b"\2x\n> 1, [2..3]\n{a: n}"


def main() -> None:
    """Runs for the seconds given."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    start = FOUND / "seeds"
    start.mkdir(parents=True, exist_ok=True)
    number = 0
    for number, seed in enumerate(seeds(), 1):
        (start / f"{number:05}").write_bytes(seed)
    fuzzing = Fuzzing(seconds)
    begun = [sys.argv[0], str(start), "-max_len=2000", "-timeout=120", "-rss_limit_mb=4096", "-print_final_stats=0"]
    atheris.Setup(begun, fuzzing.one)
    report = {"seeds": number, "cpu_minutes": round(seconds / 60, 1)}
    try:
        atheris.Fuzz()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        report |= {"executions": fuzzing.executions, "slowest_s": round(fuzzing.slowest, 2)}
        print(json.dumps(report | {"findings": fuzzing.findings}), flush=True)


if __name__ == "__main__":
    main()
