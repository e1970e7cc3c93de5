"""In which language a command speaks, and how a product error reaches a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from app.errors import ProductError
from app.texts import Text

BOTH = "both"


def default_language() -> str:
    """The terminal's language by LC_ALL, LC_MESSAGES or LANG: zh, en, or both where it says neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        given = os.environ.get(name, "").lower()
        if given:
            return next((language for language in ("zh", "en") if given.startswith(language)), BOTH)
    return BOTH


def said(text: Text, language: str = "") -> str:
    """The text in the chosen language, or in both with a slash between."""
    language = language or default_language()
    if language != BOTH:
        return text.of(language)
    zh, en = text.of("zh"), text.of("en")
    return zh if zh == en else f"{zh} / {en}"


language_option: Callable[[Any], Any] = click.option(
    "--language",
    type=click.Choice(["zh", "en", BOTH]),
    default=default_language,
    help="Language of what is printed; by default the terminal's (LANG).",
)


class ProductGroup(AppGroup):
    """A group of commands whose product errors end as one line and exit code 1, not as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProductError as error:
            raise click.ClickException(said(error.text, ctx.params.get("language", ""))) from error
