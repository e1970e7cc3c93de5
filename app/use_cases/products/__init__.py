"""Which funder offers which product."""
