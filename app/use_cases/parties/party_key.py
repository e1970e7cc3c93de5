"""The key of the party store that this installation uses."""

from __future__ import annotations

from app.storage.party_store import PartyKey

_keys: list[PartyKey] = []


def use(secret: str) -> None:
    """Derives the keys from the installation's secret; create_app calls it."""
    _keys[:] = [PartyKey.derive(secret)]


def current() -> PartyKey:
    """The key in use."""
    assert _keys, "create_app sets the party key"
    return _keys[0]
