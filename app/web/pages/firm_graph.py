"""A firm's links as a drawing: who stands behind it on the left, whom it holds or deals with on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.texts import Text
from app.use_cases.firms.firm_links import LinkLine
from app.web.lettering import cut_lines
from app.web.texts import language

BEHIND = ("actual_controller", "shareholder", "beneficial_owner", "legal_representative", "spouse", "guarantor")
MOST_A_SIDE = 7
BOX_WIDTH, BOX_HEIGHT, GAP, WIDTH = 200, 46, 14, 760
MIDDLE = WIDTH / 2


@dataclass(frozen=True)
class Node:
    """A box with at most two lines of a name, and the words on its line to the firm."""

    x: float
    y: float
    lines: tuple[str, ...]
    words: Text
    url: str | None
    controls: bool
    edge: tuple[float, float, float, float]


@dataclass(frozen=True)
class Graph:
    """`firm` is the middle box; `more` how many links had no room."""

    height: float
    firm: Node
    nodes: tuple[Node, ...]
    more: int


def firm_graph(name: Text, links: Sequence[LinkLine], controlling: frozenset[int]) -> Graph | None:
    """The drawing of the links in force; None where there are none. `controlling` are the ids of links of control."""
    live = [link for link in links if link.ended_on is None]
    if not live:
        return None
    left = [link for link in live if link.inward and link.kind in BEHIND]
    right = [link for link in live if link not in left]
    tall = max(min(len(left), MOST_A_SIDE), min(len(right), MOST_A_SIDE), 1)
    height = tall * (BOX_HEIGHT + GAP) + GAP
    top = height / 2 - BOX_HEIGHT / 2
    firm = Node(MIDDLE - BOX_WIDTH / 2, top, _lines(name), Text(""), None, False, (0, 0, 0, 0))
    nodes = (*_side(left, 0, height, controlling), *_side(right, WIDTH - BOX_WIDTH, height, controlling))
    return Graph(height, firm, nodes, len(live) - len(nodes))


def _side(links: Sequence[LinkLine], x: float, height: float, controlling: frozenset[int]) -> tuple[Node, ...]:
    shown = links[:MOST_A_SIDE]
    first = (height - len(shown) * (BOX_HEIGHT + GAP) + GAP) / 2
    return tuple(
        _node(link, x, first + place * (BOX_HEIGHT + GAP), height, link.id in controlling)
        for place, link in enumerate(shown)
    )


def _node(link: LinkLine, x: float, y: float, height: float, controls: bool) -> Node:
    is_left = x == 0
    near = MIDDLE - BOX_WIDTH / 2 if is_left else MIDDLE + BOX_WIDTH / 2
    far = BOX_WIDTH if is_left else x
    share = f" {link.share.normalize():f}%" if link.share is not None else ""
    words = Text(link.words.zh + share, link.words.of("en") + share)
    url = url_for("firms.show", firm_id=link.other_id) if link.other_id else None
    return Node(x, y, _lines(link.other), words, url, controls, (far, y + BOX_HEIGHT / 2, near, height / 2))


def _lines(name: Text) -> tuple[str, ...]:
    return cut_lines(name.of(language()), BOX_WIDTH - 20, 1)
