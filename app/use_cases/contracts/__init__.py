"""Contracts: made from an accepted offer, signed by their parties, verified, ended."""
