"""The product's time, for the entry points."""

from app.gateways.clock import moment, real_now

__all__ = ["moment", "real_now"]
