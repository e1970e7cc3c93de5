"""The outside world: servers and services that this product talks to."""
