"""The table of bench/decisions.py in engines that may be installed beside this product: zen-engine, camunda-python.

Neither is a requirement (camunda-python wants Python 3.12): `pip install zen-engine camunda-python` into the bench's
environment. Each is used by its own documented calls, with the table loaded once.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Ask = Callable[[], object]


def zen(columns: Sequence[str], rows: Sequence[Sequence[str]], variables: Mapping[str, object]) -> Ask:
    """The same rules as a JDM graph, asked through a ZenDecision; ImportError where zen-engine is not installed."""
    engine: Any = importlib.import_module("zen").ZenEngine()
    rules = [{"_id": f"r{n}", **dict(zip((*columns, "out"), row, strict=True))} for n, row in enumerate(rows)]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in columns],
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "end", "name": "end", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in (("in", "table"), ("table", "end"))
    ]
    decision = engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    given = dict(variables)
    return lambda: decision.evaluate(given)["result"]["out"]


def camunda(source: bytes, key: str, variables: Mapping[str, object]) -> Ask:
    """The same DMN file in camunda-python's DmnEngine; ImportError where it is not installed.

    It looks for an input's expression in the inputExpression itself, not in its `text` as the standard writes it.
    """
    parser: Any = importlib.import_module("camunda.parser.dmn_parser")
    engine: Any = importlib.import_module("camunda.dmn").DmnEngine()
    written = re.sub(r"(<inputExpression[^>]*>)<text>(.*?)</text>", r"\1\2", source.decode())
    engine.deploy(parser.parse_dmn_xml(written))
    given = dict(variables)

    def ask() -> object:
        found = engine.evaluate_decision(key, given)
        while isinstance(found, dict | list) and len(found) == 1:
            found = found[0] if isinstance(found, list) else next(iter(found.values()))
        return found

    return ask
