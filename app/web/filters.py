"""Puts the writers of present.py and the words helpers into Jinja, reading language and now from the page's context."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context

from app.texts import Text
from app.web import charts, present

PLAIN = ("money", "percent", "change", "count", "size", "masked", "short", "clock", "day", "folded")
WITH_LANGUAGE = ("yuan_short", "day_words", "by_day")
WITH_NOW = ("time_left", "due_words", "ago")


@pass_context
def t(context: Context, zh: str, en: str, **values: object) -> str:
    """The words in the page's language, with {name} places filled."""
    words = en if context["language"] == "en" else zh
    return words.format(**values) if values else words


@pass_context
def tx(context: Context, text: Text | str | None) -> str:
    """A text of the data in the page's language; plain words stay, None is nothing."""
    if isinstance(text, Text):
        return text.of(context["language"])
    return "" if text is None else str(text)


@pass_context
def shown(context: Context, value: Any, kind: str = "text") -> str:
    """A fact's value by its kind."""
    return present.shown(value, kind, context["language"])


def register_filters(app: Flask) -> None:
    """Every filter and word helper of the templates."""
    app.jinja_env.globals.update(t=t, tx=tx)
    app.jinja_env.filters.update({name: getattr(present, name) for name in PLAIN})
    app.jinja_env.filters.update({name: _with_language(getattr(present, name)) for name in WITH_LANGUAGE})
    app.jinja_env.filters.update({name: _with_now(getattr(present, name)) for name in WITH_NOW})
    app.jinja_env.filters.update(shown=shown, sparkline=charts.sparkline)


def _with_language(write: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def written(context: Context, value: Any) -> Any:
        return write(value, context["language"])

    return written


def _with_now(write: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def written(context: Context, value: datetime) -> Any:
        return write(value, context["now"], context["language"])

    return written
