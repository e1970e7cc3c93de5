"""Evaluates dated decision tables: those that hold on a date, whatever any diagram was released with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.decisions import DecisionModel, parse_dmn
from app.errors import NotFound
from app.storage import dated_rules

CACHED_MODELS = 64


@dataclass(frozen=True)
class RuleInForce:
    """A decision as it holds on a date; `sha256` names its file."""

    key: str
    sha256: str
    model: DecisionModel = field(repr=False, compare=False)

    def decide(self, variables: Mapping[str, object]) -> Any:
        """The plain result; None where no row fits."""
        return self.model.evaluate(self.key, variables, None).value


# a file never changes, so its model may be kept by its hash
_models: OrderedDict[str, DecisionModel] = OrderedDict()


def rules_in_force(session: Session, keys: Iterable[str], on: date) -> dict[str, RuleInForce]:
    """The decisions by key as they hold on a date, in one statement once they are known; raises NotFound."""
    wanted = list(keys)
    found = dated_rules.in_force(session, wanted, on)
    missing = [key for key in wanted if key not in found]
    if missing:
        raise NotFound(
            f"没有发布规则表：{'、'.join(missing)}。", f"These rule tables are not published: {', '.join(missing)}."
        )
    return {key: RuleInForce(key, found[key], _model(session, found[key])) for key in wanted}


def _model(session: Session, sha256: str) -> DecisionModel:
    if sha256 not in _models:
        _models[sha256] = parse_dmn(dated_rules.content(session, sha256))
        if len(_models) > CACHED_MODELS:
            _models.popitem(last=False)
    return _models[sha256]
