"""Payments: prepared and confirmed by people, sent once, their results believed once."""
