"""The product's time, for the entry points."""

from app.gateways.clock import is_sealed, moment, offset_days, real_now, remember_offset

__all__ = ["is_sealed", "moment", "offset_days", "real_now", "remember_offset"]
