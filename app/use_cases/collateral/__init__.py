"""Collateral: pledged, registered, released."""
