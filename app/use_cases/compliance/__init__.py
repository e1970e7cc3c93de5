"""Compliance: holds on cases, who clears them, and what stands still meanwhile."""
