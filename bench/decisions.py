"""Decision tables and FEEL: evaluations a second, beside SpiffWorkflow's stock DMN engine and others on one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.sax.saxutils import escape

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from app.decisions import parse_dmn
from app.feel import parse_expression
from app.moment import Moment
from bench import rival_tables
from bench.figure import Figure, median
from bench.installation import Installations

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NOON = Moment.at(datetime(2026, 11, 13, 4, 0, tzinfo=UTC))
# cells that both understand: the stock engine evaluates Python, ours FEEL; FIRST, and the 22nd rule hits
ROWS = [[f"< {n * 30}", f'"{"AB"[n % 2]}"', f"<= {90 - n}", f">= {n % 7}", f'"rule {n}"'] for n in range(1, 26)]
COLUMNS = ("score", "grade", "days", "years")
VARIABLES = {"score": 655, "grade": "A", "days": 10, "years": 9}
WORDS = {
    "stock": "SpiffWorkflow's stock DMN engine",
    "zen": "zen-engine",
    "camunda_python": "camunda-python",
}
EXPRESSION = 'if amount / turnover <= 0.3 and list contains(["A", "B"], grade) then min(amount, limit) else 0'
GATEWAY = 'amount > limit and grade != "D"'
SCOPE = {"amount": 3000000, "turnover": 42660000, "grade": "A", "limit": 5000000}


def measure(_made: Installations, quick: bool) -> Iterator[Figure]:
    """All engines in turns on the same table of 25 rules and 4 inputs; each must give the same answer."""
    source = _table().encode()
    model = parse_dmn(source)
    batches, times = (1, 5) if quick else (9, 60)
    engines = _engines(source)
    seconds: dict[str, list[float]] = {name: [] for name in ("ours", *engines)}
    assert model.evaluate("d", VARIABLES, NOON).value == "rule 22"
    for name, ask in engines.items():
        assert ask() == "rule 22", f"{name} must say the same"
    for _ in range(batches):
        seconds["ours"].append(_seconds(lambda: model.evaluate("d", VARIABLES, NOON), times))
        for name, ask in engines.items():
            seconds[name].append(_seconds(ask, times))
    ours = median(seconds["ours"], 9)
    yield Figure(
        "decisions_per_s", round(1 / ours), "a second", "decisions of 25 rules and 4 inputs, each with a trace"
    )
    for name in engines:
        ratio = round(median(seconds[name], 9) / ours, 1)
        yield Figure(f"decisions_vs_{name}_ratio", ratio, "ratio", f"times as many as {WORDS[name]}")
    for key, text in (("feel_eval_us", EXPRESSION), ("feel_gateway_us", GATEWAY)):
        each = [_seconds(_evaluation(text), times * 10) for _ in range(batches)]
        yield Figure(key, round(median(each, 9) * 1e6, 1), "CPU us", f"of one evaluation of: {text}")


def _evaluation(text: str) -> Callable[[], object]:
    expression = parse_expression(text)
    return lambda: expression.evaluate(SCOPE, NOON)


def _engines(source: bytes) -> dict[str, Callable[[], object]]:
    """The stock engine, and those others that are installed; which are not is said."""
    found: dict[str, Callable[[], object]] = {"stock": _stock(source)}
    others: dict[str, Callable[[], Callable[[], object]]] = {
        "zen": lambda: rival_tables.zen(COLUMNS, ROWS, VARIABLES),
        "camunda_python": lambda: rival_tables.camunda(source, "d", VARIABLES),
    }
    for name, make in others.items():
        try:
            found[name] = make()
        except ImportError:
            print(f"{WORDS[name]} is not installed here and is not measured", flush=True)
    return found


def _table() -> str:
    """The file; the stock parser wants an id everywhere."""
    inputs = "".join(
        f'<input id="in_{name}" label="{name}"><inputExpression id="of_{name}"><text>{name}</text>'
        "</inputExpression></input>"
        for name in COLUMNS
    )
    rules = ""
    for number, (*conditions, output) in enumerate(ROWS, 1):
        cells = "".join(
            f'<inputEntry id="c_{number}_{column}"><text>{escape(cell)}</text></inputEntry>'
            for column, cell in enumerate(conditions)
        )
        result = f'<outputEntry id="o_{number}"><text>{escape(output)}</text></outputEntry>'
        rules += f'<rule id="r_{number}">{cells}{result}</rule>'
    return (
        f'<definitions xmlns="{NAMESPACE}" id="file" name="file" namespace="n"><decision id="d" name="d">'
        f'<decisionTable id="table" hitPolicy="FIRST">{inputs}<output id="out" name="out" label="out"/>{rules}'
        "</decisionTable></decision></definitions>"
    )


def _stock(source: bytes) -> Callable[[], object]:
    root = etree.fromstring(source)
    parser = DMNParser(None, root, {"dmn": NAMESPACE})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    task = SimpleNamespace(data=dict(VARIABLES), workflow=SimpleNamespace(script_engine=PythonScriptEngine()))

    def run() -> object:
        return engine.result(task)["out"]

    return run


def _seconds(act: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times
