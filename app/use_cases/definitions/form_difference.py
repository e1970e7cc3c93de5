"""How two versions of a form differ: fields added and removed, their labels, limits, choices and conditions."""

from __future__ import annotations

from app.feel import Expression
from app.forms import Component, parse_form
from app.texts import Text
from app.use_cases.definitions.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    Detail,
    Difference,
    details_of,
    differing,
    plain,
    yes_or_no,
)

FIELD, GROUP, WORDS, FORM = Text("字段", "field"), Text("分组", "group"), Text("文字", "text"), Text("表单", "form")
KINDS = {
    "text": Text("文字", "text"),
    "money": Text("金额", "amount"),
    "whole": Text("整数", "whole number"),
    "number": Text("数字", "number"),
    "percent": Text("百分比", "percentage"),
    "choice": Text("单选", "one choice"),
    "choices": Text("多选", "several choices"),
    "flag": Text("勾选", "tick box"),
    "date": Text("日期", "date"),
    "time": Text("时间", "time"),
    "files": Text("文件", "files"),
    "slots": Text("资料清单", "document list"),
    "rows": Text("多行列表", "list of rows"),
    "uscc": Text("统一社会信用代码", "credit code"),
    "id_card": Text("身份证号", "identity number"),
    "phone": Text("电话", "telephone"),
    "bank_account": Text("银行账号", "bank account"),
    "email": Text("邮箱", "e-mail"),
}
Values = dict[str, tuple[Text, Text]]


def form_differences(before: bytes, after: bytes) -> list[Difference]:
    """The differences of two forms that were both published or checked; a component is the same by its id."""
    old_form, new_form = parse_form(before), parse_form(after)
    found = []
    own = tuple(
        differing(_form_values(old_form.name, old_form.properties), _form_values(new_form.name, new_form.properties))
    )
    if own:
        found.append(Difference(CHANGED, "", FORM, new_form.name, own))
    old, new = _by_place(old_form.components), _by_place(new_form.components)
    for key, (component, place) in new.items():
        if key not in old:
            found.append(
                Difference(ADDED, component.id, _sort(component), _name(component), details_of(_values(component)))
            )
            continue
        was, old_place = old[key]
        details = (*differing(_values(was), _values(component)), *_moved(old_place, place))
        if details:
            found.append(Difference(CHANGED, component.id, _sort(component), _name(component), details))
    for key, (component, _) in old.items():
        if key not in new:
            found.append(Difference(REMOVED, component.id, _sort(component), _name(component)))
    return found


def _by_place(
    components: tuple[Component, ...], within: Component | None = None
) -> dict[str, tuple[Component, Component | None]]:
    """Components by what makes them the same: the field's path, else the id; each with the group it stands in."""
    found: dict[str, tuple[Component, Component | None]] = {}
    for one in components:
        found[one.path or one.id] = one, within
        found.update(_by_place(one.children, one if one.children else within))
    return found


def _moved(before: Component | None, after: Component | None) -> tuple[Detail, ...]:
    """That a component stands in another group; a group with another label is the same group."""
    if (before and before.id) == (after and after.id):
        return ()
    names = [_name(one) if one else Text("最上层", "the top level") for one in (before, after)]
    return (Detail(Text("所在分组", "in the group"), names[0], names[1]),)


def _form_values(name: Text, properties: object) -> Values:
    values: Values = {"name": (Text("名称", "name"), name)}
    if isinstance(properties, dict):
        values |= {key: (Text(f"属性 {key}", f"property {key}"), plain(value)) for key, value in properties.items()}
    return values


def _values(one: Component) -> Values:
    values: Values = {
        "label": (Text("标题", "label"), one.label),
        "hint": (Text("说明", "hint"), one.hint),
        "kind": (Text("类型", "kind"), KINDS.get(one.kind, plain(one.kind))),
        "required": (Text("必填", "required"), yes_or_no(one.required) if one.kind else Text("")),
        "fixed": (Text("只读", "read only"), yes_or_no(True) if one.fixed else Text("")),
        "minimum": (Text("最小值", "least value"), plain("" if one.minimum is None else one.minimum)),
        "maximum": (Text("最大值", "greatest value"), plain("" if one.maximum is None else one.maximum)),
        "min_length": (Text("最少字数", "least length"), plain(one.min_length or "")),
        "max_length": (
            Text("最多字数", "greatest length"),
            plain("" if one.max_length in (1000, 10_000) else one.max_length),
        ),
        "options": (Text("选项", "choices"), _options(one)),
        "options_from": (Text("选项来自", "choices from"), _formula(one.options_from)),
        "hide": (Text("隐藏条件", "hidden when"), _formula(one.hide)),
        "min_from": (Text("下限", "lower bound"), _formula(one.min_from)),
        "max_from": (Text("上限", "upper bound"), _formula(one.max_from)),
        "default": (Text("默认值", "default"), plain("" if one.default in (None, "") else one.default)),
        "sensitive": (Text("加密保存", "kept encrypted"), yes_or_no(True) if one.sensitive else Text("")),
        "suffix": (Text("单位", "unit"), one.suffix),
    }
    shown = ("label_en", "text_en", "description_en", "suffix_en", "prefix_en", "required", "sensitive", "kind")
    for key, value in one.properties.items():
        if key not in shown and not key.startswith("option_en:"):
            values[f"property {key}"] = Text(f"属性 {key}", f"property {key}"), plain(value)
    return values


def _options(one: Component) -> Text:
    return Text(
        "、".join(option.label.zh for option in one.options), ", ".join(option.label.of("en") for option in one.options)
    )


def _formula(expression: Expression | None) -> Text:
    return Text("") if expression is None else plain(expression.text)


def _name(one: Component) -> Text:
    """The label in a line, or the id of what has none."""
    words = Text(" ".join(one.label.zh.split())[:80], " ".join(one.label.en.split())[:80])
    return words if words.zh or words.en else plain(one.id)


def _sort(one: Component) -> Text:
    return FIELD if one.kind else WORDS if one.type == "text" else GROUP
