"""A text that people read, in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One text in Chinese and English; where a diagram or form gives no English, the Chinese stands in for it."""

    zh: str
    en: str = ""

    def of(self, language: str) -> str:
        """The text in `language`, "zh" or "en"."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def __str__(self) -> str:
        return self.en or self.zh
