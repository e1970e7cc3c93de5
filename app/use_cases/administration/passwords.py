"""Passwords: argon2 hashes, and which passwords are too weak to be one."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Refused

MIN_LENGTH = 12
MAX_LENGTH = 1000
MIN_DISTINCT = 6
_COMMON = (
    "password",
    "passw0rd",
    "qwerty",
    "123456",
    "abcdef",
    "letmein",
    "welcome",
    "admin",
    "iloveyou",
    "loan-origination",
    "demo-2026",
    "woaini",
    "5201314",
)
_hasher = PasswordHasher()
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another letter when read out


class WeakPassword(Refused):
    """The password is easy to guess; the text says what is asked of one."""


def hash_password(password: str) -> str:
    """The argon2id hash with this version's parameters; takes about 0.1 s, so never inside a unit of work."""
    return _hasher.hash(password[:MAX_LENGTH])


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one hashed; without a hash (an unknown login) the same work is done for nothing.

    So the time of an answer does not tell which logins exist.
    """
    if password_hash is None:
        hash_password(password)
        return False
    try:
        return _hasher.verify(password_hash, password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def require_strong(password: str, login: str) -> None:
    """Raises WeakPassword for one that is short, monotonous, well known or made of the login."""
    plain = password.casefold()
    known = [word for word in (*_COMMON, login.casefold()) if len(word) > 3 and word in plain]
    rest = plain
    for word in known:
        rest = rest.replace(word, "")
    if len(password) < MIN_LENGTH or len(set(plain)) < MIN_DISTINCT or (known and len(rest) < MIN_LENGTH - 2):
        raise WeakPassword(
            f"密码太弱：至少 {MIN_LENGTH} 个字符、{MIN_DISTINCT} 种不同字符，并且不能由账号或常见密码拼成。",
            f"The password is too weak: at least {MIN_LENGTH} characters, {MIN_DISTINCT} different ones, "
            "and not made of the login or a well-known password.",
        )


def made_up(login: str) -> str:
    """A first password of 79 random bits, in four groups that can be read out over the telephone."""
    while True:
        found = "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(4))
        try:
            require_strong(found, login)
        except WeakPassword:  # rarely six different letters are not among them
            continue
        return found
