"""A text of one line, as outside systems send it."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields


class Line(fields.String):
    """A text without control characters, which nobody sends and one of which PostgreSQL cannot keep."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable():
            raise ValidationError("a text without control characters")
        return text
