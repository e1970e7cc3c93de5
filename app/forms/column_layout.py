"""Turns the rows of a list into lines across them, as accountants set one year beside the other."""

from __future__ import annotations

from collections.abc import Iterator

from app.forms.node import Node, NodeLine, NodeRow


def lines_of(rows: tuple[NodeRow, ...]) -> tuple[NodeLine, ...]:
    """A line for each entry that any row asks for, in the form's order; groups give headings."""
    cells = [{node.path[len(row.path) :]: node for node, _ in _entries(row.children)} for row in rows]
    found: list[NodeLine] = []
    fullest = max(rows, key=lambda row: sum(1 for _ in _entries(row.children)), default=None)
    under = None
    for node, group in _entries(fullest.children) if fullest else ():
        if group is not under and group is not None and group.label.zh:
            found.append(NodeLine(group.label, group.hint, False, ()))
        under = group
        step = node.path[len(fullest.path) :] if fullest else ""
        found.append(NodeLine(node.label, node.hint, node.optional, tuple(column.get(step) for column in cells)))
    return tuple(found)


def _entries(nodes: tuple[Node, ...], group: Node | None = None) -> Iterator[tuple[Node, Node | None]]:
    """The entries of a row with the group that each stands in."""
    for node in nodes:
        if node.type == "group":
            yield from _entries(node.children, node)
        elif node.kind:
            yield node, group
