"""Small DMN texts for these tests: a file around elements, and a table from its columns and rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from app.moment import Moment

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NOON = Moment.at(datetime(2026, 11, 13, 4, 0, tzinfo=UTC))


def dmn(*elements: str, namespace: str = NAMESPACE) -> bytes:
    """A DMN file with these elements, one after the other, the first on line 3."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    attributes = (
        f'xmlns="{namespace}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" name="file" namespace="n"'
    )
    body = "\n".join(elements)
    return f"{head}<definitions {attributes}>\n{body}\n</definitions>".encode()


def decision(logic: str, *, id: str = "d", name: str = "", inside: str = "") -> str:
    """A decision element around its logic; `inside` stands before it (requirements, variable)."""
    return f'<decision id="{id}" name={quoteattr(name or id)}>{inside}{logic}</decision>'


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    values: str = "",
) -> str:
    """A decision table; a row's cells are its conditions, then its outputs; `values` are those of the first output."""
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    lines = [f"<decisionTable {attributes}>"]
    lines += [
        f"<input label={quoteattr(i)}><inputExpression><text>{escape(i)}</text></inputExpression></input>"
        for i in inputs
    ]
    for number, name in enumerate(outputs):
        inner = f"<outputValues><text>{escape(values)}</text></outputValues>" if values and not number else ""
        lines.append(f"<output name={quoteattr(name)}>{inner}</output>")
    for row in rows:
        cells = [f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(inputs)]]
        cells += [f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[len(inputs) :]]
        lines.append("<rule>" + "".join(cells) + "</rule>")
    return "\n".join([*lines, "</decisionTable>"])
