"""Real loan requests entered in batch: each stands at a named step or ends with reasons."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.processes.stages import batch
from tests.processes.walking import ROOT

SAMPLE = Path(ROOT / "../shared/data/credit/sample_applications.csv")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample applications are not on this machine")
def test_every_sample_application_waits_for_documents_or_ends_with_reasons() -> None:
    stands: Counter[tuple[str, bool]] = Counter()
    with SAMPLE.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["product"] not in ("working-capital", "trade-order") or Decimal(row["amount_yuan"]) <= 0:
                continue  # refused at the door
            walk = batch(
                product=row["product"],
                application_form=f"{row['product']}-application",
                requested_amount=Decimal(row["amount_yuan"]),
                term_months=int(row["term_months"]),
                employees=int(row["employees"]),
                established_new=row["established_new"],
                industry=row["industry_naics"],
            )
            long = int(row["term_months"]) > (36 if row["product"] == "working-capital" else 12)
            stands[walk.waiting[0] if walk.waiting else walk.milestones[-1], long] += 1
    assert set(stands) == {("upload_documents", False), ("not_eligible", True)}
    assert sum(stands.values()) == 203
