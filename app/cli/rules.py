"""`flask rules`: decision tables from a terminal; each command stands in a file of its own."""

from __future__ import annotations

from app.cli.speaking import ProductGroup

rules = ProductGroup("rules", help="Decision tables: what they do and whether they hold.")
