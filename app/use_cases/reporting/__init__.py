"""Counts and lists over all cases."""
