"""The examples for operators start what the guide starts, and name settings and files that exist."""

from __future__ import annotations

import dataclasses
import importlib.util
import re

from app.config import PROJECT_DIRECTORY, SOURCES, Settings
from tests.mission.production import GUIDE, commands

EXAMPLES = PROJECT_DIRECTORY / "docs" / "deploy"
UNITS = sorted((EXAMPLES / "systemd").glob("*.service"))
SANDBOX = "app.sandbox_bank"  # of demo and training


def started(text: str) -> set[str]:
    """The modules and programs that a text starts."""
    modules = re.findall(r"python[\"', ]+-m[\"', ]+(app\.[a-z_.]+)", text)
    return {*modules, *(["gunicorn"] if "gunicorn --config" in text else [])}


def test_units_and_containers_start_what_the_guide_starts() -> None:
    guide = started("\n".join(commands())) - {SANDBOX}

    assert started("\n".join(unit.read_text("utf-8") for unit in UNITS)) == guide
    containers = "\n".join((EXAMPLES / name).read_text("utf-8") for name in ("Containerfile", "compose.yaml"))
    assert started(containers) == guide


def test_each_command_names_a_module_that_exists() -> None:
    for module in started("\n".join(commands())) - {"gunicorn"}:
        assert importlib.util.find_spec(module) is not None, module


def test_the_web_server_is_started_alike_everywhere() -> None:
    options = re.findall(r"gunicorn (--config .*) --bind", "\n".join(commands()))
    places = [*UNITS, EXAMPLES / "Containerfile"]

    assert len(options) == 1
    assert sum(options[0] in place.read_text("utf-8") for place in places) == 2


def test_the_example_of_settings_names_each_setting_once_and_the_guide_explains_it() -> None:
    names = re.findall(r"(?m)^([A-Z_]+)=", (EXAMPLES / "loan.env.example").read_text("utf-8"))
    fields = {one.name.upper() for one in dataclasses.fields(Settings)} - {"EMBEDDED_VALKEY", "SOURCES"}
    of_sources = {f"SOURCE_{name.upper()}_{part}" for name in SOURCES for part in ("URL", "SECRET")}

    assert len(names) == len(set(names)) and set(names) == fields | of_sources
    guide = GUIDE.read_text("utf-8")
    explained = [*fields, "SOURCE_<NAME>_URL", "SOURCE_<NAME>_SECRET", *(name.upper() for name in SOURCES)]
    assert [name for name in explained if f"`{name}`" not in guide] == []


def test_the_image_holds_every_folder_that_the_product_reads() -> None:
    copied = set(re.findall(r"(?m)^COPY (\S+)", (EXAMPLES / "Containerfile").read_text("utf-8")))

    assert copied == {"app", "forms", "migrations", "processes", "rules", "requirements.txt", "wsgi.py"}
