"""The measurements run and give every figure; how large the figures are is for `make bench` on a quiet machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEYS = {
    "complete_http_cpu_ms",
    "complete_http_queries",
    "complete_http_commits",
    "task_page_cpu_ms",
    "task_page_queries",
    "inbox_cpu_ms",
    "inbox_queries",
    "state_row_bytes",
    "complete_cpu_ms",
    "completions_per_s",
    "inbox_20k_cpu_ms",
    "inbox_20k_kb",
    "inbox_1m_to_1k_ratio",
    "decisions_per_s",
    "decisions_vs_stock_ratio",
    "feel_eval_us",
    "feel_gateway_us",
}


def test_a_quick_bench_ends_with_one_line_of_all_figures() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures.keys() >= KEYS
    assert figures["complete_http_commits"] == 1
    assert all(value > 0 for value in figures.values())
