"""The check of decision tables: which inputs no rule covers, and which rules contradict or never matter."""

from app.decisions.analysis.check import TableCheck, check_table
from app.decisions.analysis.findings import ERROR, NOTE, WARNING, TableFinding, check_model

__all__ = ["ERROR", "NOTE", "WARNING", "TableCheck", "TableFinding", "check_model", "check_table"]
