"""Disposal of collateral: opened, valued, sold, and its proceeds shared by rank."""
