"""A funder takes up a product by one command."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cli.test_commands import run


def test_a_product_is_offered_and_its_limit_set(demo_app: Flask) -> None:
    done = run(
        demo_app, "products", "offer", "trade-order", "--funder", "钱塘银行", "--limit", "5,000,000", "--language", "en"
    )
    assert done.exit_code == 0 and done.stdout == 'Qiantang Bank now offers "trade-order".\n'
    assert "trade-order" in run(demo_app, "products", "list", "--language", "en").stdout


@pytest.mark.parametrize(
    ("product", "funder", "limit", "said"),
    [
        ("moon-loan", "钱塘银行", "1", 'There is no product "moon-loan"'),
        ("trade-order", "月亮银行", "1", "There is no funder"),
        ("trade-order", "钱塘银行", "0.001", "an amount in yuan"),
        ("trade-order", "钱塘银行", "much", "an amount in yuan"),
    ],
)
def test_what_does_not_fit_is_named(demo_app: Flask, product: str, funder: str, limit: str, said: str) -> None:
    refused = run(demo_app, "products", "offer", product, "--funder", funder, "--limit", limit, "--language", "en")
    assert refused.exit_code != 0 and said in refused.stderr
