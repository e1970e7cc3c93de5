"""Decision tables and FEEL: evaluations a second, beside SpiffWorkflow's stock DMN engine on the same file."""

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
from bench.figure import Figure, median
from bench.installation import Installations

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NOON = Moment.at(datetime(2026, 11, 13, 4, 0, tzinfo=UTC))
# cells that both understand: the stock engine evaluates Python, ours FEEL; FIRST, and the 22nd rule hits
ROWS = [[f"< {n * 30}", f'"{"AB"[n % 2]}"', f"<= {90 - n}", f">= {n % 7}", f'"rule {n}"'] for n in range(1, 26)]
COLUMNS = ("score", "grade", "days", "years")
VARIABLES = {"score": 655, "grade": "A", "days": 10, "years": 9}
EXPRESSION = 'if amount / turnover <= 0.3 and list contains(["A", "B"], grade) then min(amount, limit) else 0'
SCOPE = {"amount": 3000000, "turnover": 42660000, "grade": "A", "limit": 5000000}


def measure(_made: Installations, quick: bool) -> Iterator[Figure]:
    """Both engines in turns on the same table of 25 rules and 4 inputs."""
    source = _table().encode()
    model = parse_dmn(source)
    stock = _stock(source)
    assert model.evaluate("d", VARIABLES, NOON).value == stock()["out"] == "rule 22", "both must say the same"
    batches, times = (1, 5) if quick else (9, 60)
    ours, theirs = [], []
    for _ in range(batches):
        ours.append(_seconds(lambda: model.evaluate("d", VARIABLES, NOON), times))
        theirs.append(_seconds(stock, times))
    yield Figure("decisions_per_s", round(1 / median(ours, 9)), "a second", "decisions of 25 rules and 4 inputs")
    words = "times as many as SpiffWorkflow's stock DMN engine"
    yield Figure("decisions_vs_stock_ratio", round(median(theirs, 9) / median(ours, 9), 1), "ratio", words)
    expression = parse_expression(EXPRESSION)
    each = [_seconds(lambda: expression.evaluate(SCOPE, NOON), times * 10) for _ in range(batches)]
    yield Figure("feel_eval_us", round(median(each, 9) * 1e6, 1), "CPU us", f"of one evaluation of: {EXPRESSION}")


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


def _stock(source: bytes) -> Callable[[], dict[str, object]]:
    root = etree.fromstring(source)
    parser = DMNParser(None, root, {"dmn": NAMESPACE})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    task = SimpleNamespace(data=dict(VARIABLES), workflow=SimpleNamespace(script_engine=PythonScriptEngine()))

    def run() -> dict[str, object]:
        result: dict[str, object] = engine.result(task)
        return result

    return run


def _seconds(act: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times
