"""Five-level classification (五级分类): the floor that days past due set, and who may leave a class."""

from __future__ import annotations

from collections.abc import Iterable

from app.lending.steps import Steps
from app.texts import Text

# best first; 商业银行金融资产风险分类办法 (2023 no. 1)
CLASSES = {
    "pass": Text("正常", "Pass"),
    "special_mention": Text("关注", "Special mention"),
    "substandard": Text("次级", "Substandard"),
    "doubtful": Text("可疑", "Doubtful"),
    "loss": Text("损失", "Loss"),
}
NON_PERFORMING = ("substandard", "doubtful", "loss")
_RANK = {name: rank for rank, name in enumerate(CLASSES)}


def worst(classes: Iterable[str]) -> str:
    """The worst of some classes; ValueError for none, KeyError for an unknown one."""
    return max(classes, key=_RANK.__getitem__)


def reclassify(held: str, dpd: int, floors: Steps, judged: str = "pass") -> str:
    """The class after a day: never better than the floor by days past due nor than what a person judged.

    It falls by itself. It rises by itself only out of special mention: a non-performing class is left by a person
    after observation (invariant 26), who then stores the new class as the one held.
    """
    floor = worst((floors.at(dpd), judged))
    return worst((held, floor)) if held in NON_PERFORMING else floor
