"""The FEEL of real Camunda 8 diagrams: every expression and condition of them parses."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from app.feel import parse_expression

FOLDER = Path(__file__).parents[2] / "../shared/cases/camunda8"


def _expressions() -> set[str]:
    found: set[str] = set()
    for path in FOLDER.rglob("*.bpmn"):
        for element in etree.parse(path).getroot().iter():
            texts = [element.text or "", *element.attrib.values()]
            found |= {text.strip()[1:] for text in texts if text.strip().startswith("=")}
    return found


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the Camunda 8 diagrams are not beside the repository")
def test_every_expression_of_the_camunda_diagrams_parses() -> None:
    expressions = _expressions()

    for expression in expressions:
        parse_expression(expression)

    assert len(expressions) > 30
