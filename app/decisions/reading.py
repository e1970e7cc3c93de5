"""What reading one DMN file collects: its problems, its types, and the FEEL texts that it compiles once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.decisions import source
from app.decisions.types import ANY, Type, find_type
from app.errors import Problem
from app.feel import Expression, FeelError, NameTable, UnaryTests, parse_expression, parse_unary_tests
from app.feel import Type as FeelType
from app.texts import Text

if TYPE_CHECKING:
    from app.decisions.table import Table

NULL = parse_expression("null")
NULL_TESTS = parse_unary_tests("null")


@dataclass(frozen=True)
class Place:
    """Where an expression stands: the decision or knowledge model around it, and the names that it may use."""

    owner_id: str
    owner: Text
    names: frozenset[str] = frozenset()

    def knowing(self, names: Iterable[str]) -> Place:
        """The same place with more names in scope."""
        return replace(self, names=self.names | frozenset(names))


@dataclass
class Reading:
    """Everything that one pass over a file collects; `problems` is empty where the file may be published.

    With `faulty_is_null` what is no FEEL is null and no problem, as the standard's own test cases expect it.
    """

    faulty_is_null: bool = False
    problems: list[Problem] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    types: dict[str, Type] = field(default_factory=dict)
    component_names: frozenset[str] = frozenset()
    feel_types: dict[str, FeelType] = field(default_factory=dict)
    _known: dict[tuple[frozenset[str], frozenset[str]], NameTable] = field(default_factory=dict)

    def refuse(self, element: source.Element, zh: str, en: str, *, line: int | None = None) -> None:
        """Note a fault of `element`; reading goes on, so that an analyst sees all faults at once."""
        self.problems.append(Problem(source.id_of(element), line or source.line(element), Text(zh, en)))

    def import_types(self, name: str, other: Reading) -> None:
        """Know the types of an imported file, under the import's name where it has one."""
        self.types |= {f"{name}.{each}" if name else each: kind for each, kind in other.types.items()}
        self.component_names |= other.component_names
        self.tables += other.tables

    def expression(self, element: source.Element, place: Place, what: Text | None = None) -> Expression:
        """The FEEL expression in the element's text; where it is blank or at fault, null."""
        text = source.text_of(element)
        if not self._is_feel(element) or not text:
            return NULL
        try:
            return parse_expression(text, self._names(place), types=self.feel_types)
        except FeelError as error:
            self._refuse_feel(element, text, error, what)
            return NULL

    def tests(self, element: source.Element, place: Place, what: Text | None = None) -> UnaryTests | None:
        """The unary tests in the element's text; None where they are "-", blank or at fault."""
        text = source.text_of(element)
        if not self._is_feel(element) or text in {"", "-"}:
            return None
        try:
            return parse_unary_tests(text, self._names(place), types=self.feel_types)
        except FeelError as error:
            self._refuse_feel(element, text, error, what)
            return NULL_TESTS if self.faulty_is_null else None

    def type_of(self, element: source.Element, reference: str | None = None) -> Type:
        """The type that the element's typeRef (or `reference`) names; Any without one, a problem if unknown."""
        name = source.attribute(element, "typeRef") if reference is None else reference
        if not name:
            return ANY
        found = find_type(self.types, name)
        if found is None:
            self.refuse(element, f"类型“{name}”没有定义", f'the type "{name}" is not defined')
        return found or ANY

    def _names(self, place: Place) -> NameTable:
        """The names in scope, made ready once for all cells of a table."""
        both = place.names, self.component_names
        if both not in self._known:
            self._known[both] = NameTable(frozenset[str]().union(*both))
        return self._known[both]

    def _is_feel(self, element: source.Element) -> bool:
        language = source.attribute(element, "expressionLanguage")
        if not language or "feel" in language.lower():
            return True
        self.refuse(
            element, f"表达式语言“{language}”不受支持，请用 FEEL", f'the expression language "{language}" must be FEEL'
        )
        return False

    def _refuse_feel(self, element: source.Element, text: str, error: FeelError, what: Text | None) -> None:
        if self.faulty_is_null:
            return
        zh, en = (f"{what.zh}：", f"{what.of('en')}: ") if what else ("", "")
        first = source.text_line(element)
        self.refuse(
            element,
            f"{zh}FEEL 写法有误，第 {error.column} 个字符：{error.reason.zh}（{text}）",
            f"{en}FEEL error at character {error.column}: {error.reason.of('en')} ({text})",
            line=first and first + error.line - 1,
        )
