"""Which names people may log in with."""

from __future__ import annotations

import re

from app.errors import Refused

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}\Z")


class LoginRefused(Refused):
    """The login is not one that this product accepts."""


def require_login(login: str) -> None:
    """Raises LoginRefused."""
    if not _LOGIN.match(login):
        raise LoginRefused(
            f"账号“{login}”无效：2 到 80 个小写字母、数字、点、横线或下划线，以字母或数字开头。",
            f'The login "{login}" is not valid: 2 to 80 lower-case letters, digits, dots, dashes or underscores, '
            "beginning with a letter or digit.",
        )
