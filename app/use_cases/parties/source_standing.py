"""Which outside sources this installation asks where, and how the sandboxes among them were told to behave."""

from __future__ import annotations

from dataclasses import dataclass

from app.config import SOURCES, Settings, sources_behaviour_file
from app.errors import Refused
from app.gateways.sources import NAMES
from app.sandbox_sources.behaviour import BEHAVIOURS, OK, choose, chosen
from app.texts import Text


@dataclass(frozen=True)
class SourceStanding:
    """One source: its key, its name, and where it is asked or how its sandbox behaves."""

    key: str
    name: Text
    state: Text


def source_standing(settings: Settings) -> tuple[SourceStanding, ...]:
    """Every source of the installation."""
    behaviours = chosen(sources_behaviour_file(settings.var_dir))
    return tuple(SourceStanding(key, NAMES[key], _state(settings, key, behaviours.get(key, OK))) for key in SOURCES)


def _state(settings: Settings, key: str, behaviour: str) -> Text:
    if key in settings.sources:
        return Text(settings.sources[key].url)
    if settings.mode == "production":
        return Text("还没有接通", "not connected")
    words = BEHAVIOURS[behaviour]
    return Text(f"沙箱：{words.zh}", f"sandbox: {words.en}")


def let_sandbox_behave(settings: Settings, source: str, behaviour: str) -> None:
    """Tells a sandbox how to behave from now on; raises Refused for one that is none."""
    if settings.mode == "production" or source in settings.sources:
        raise Refused(f"{source} 不是沙箱。", f"{source} is no sandbox here.")
    choose(sources_behaviour_file(settings.var_dir), source, behaviour)
