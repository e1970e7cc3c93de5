"""Measurements of the product: `make bench`; docs/measurements.md says what each figure means."""
