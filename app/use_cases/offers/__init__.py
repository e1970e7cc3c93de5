"""Limits and offers of funders."""
