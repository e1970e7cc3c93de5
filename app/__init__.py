"""The loan origination system."""
