"""In which language a command speaks, and how a product error reaches a terminal."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click
import structlog
from flask.cli import AppGroup

from app import logs
from app.errors import ProductError
from app.texts import Text
from app.use_cases.administration.upgrade_database import require_upgraded

Command = TypeVar("Command", bound=Callable[..., Any])
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


def ending_politely(command: Command) -> Command:
    """A product error in the command ends as one line and exit code 1, not as a traceback."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        if not structlog.is_configured():
            logs.configure(logging.WARNING, sys.__stderr__)
        try:
            return command(*args, **options)
        except ProductError as error:
            raise click.ClickException(said(error.text, options.get("language", ""))) from error

    return cast(Command, run)


def on_upgraded_database(command: Command) -> Command:
    """The command is refused on a database that is empty or of another version."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        require_upgraded()
        return command(*args, **options)

    return cast(Command, run)


class ProductGroup(AppGroup):
    """A group whose commands have the app's context and an upgraded database, and end politely."""

    def command(  # type: ignore[override]  # used as a decorator with a name, never bare
        self, *args: Any, **options: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        add = super().command(*args, **options)
        return lambda function: add(ending_politely(on_upgraded_database(function)))
