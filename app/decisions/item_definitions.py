"""Reading a file's item definitions and the allowed values of types and columns."""

from __future__ import annotations

from decimal import Decimal

from app.decisions import source
from app.decisions.reading import Place, Reading
from app.decisions.types import ANY, Allowed, Type, as_feel, basic_type, find_type
from app.feel import FeelError, parse_expression
from app.feel import Type as FeelType
from app.texts import Text

_NOWHERE = Place("", Text(""))


def read_types(reading: Reading, definitions: source.Element) -> None:
    """Put the file's types into `reading.types` by name, in any order, and the names of all components beside them."""
    elements: dict[str, source.Element] = {}
    for element in source.children(definitions, "itemDefinition"):
        name = source.name_of(element)
        if name in elements:
            reading.refuse(element, f"类型“{name}”重复定义", f'the type "{name}" is defined twice')
        elements[name] = element
    resolver = _Resolver(reading, elements)
    for name, element in elements.items():
        resolver.resolve(name, element)
    components = (each for element in elements.values() for each in element.iter("{*}itemComponent"))
    reading.component_names |= frozenset(map(source.name_of, components))
    made: dict[int, FeelType] = {}
    reading.feel_types = {name: as_feel(kind, made) for name, kind in reading.types.items()}


def allowed_values(reading: Reading, element: source.Element, tag: str) -> Allowed | None:
    """The allowed values in the child `tag` (allowedValues, inputValues, outputValues), None without any."""
    holder = source.child(element, tag)
    text = source.text_of(holder)
    tests = None if holder is None else reading.tests(holder, _NOWHERE)
    return None if tests is None else Allowed(text, tests, _listed(text))


def _listed(text: str) -> tuple[object, ...]:
    """The values of an enumeration in their order; empty where the text is a range or another test."""
    try:
        expression = parse_expression(f"[{text}]")
    except FeelError:
        return ()
    values = expression.evaluate({})
    if expression.names or not isinstance(values, list):
        return ()
    return tuple(values) if all(isinstance(value, str | int | Decimal) for value in values) else ()


class _Resolver:
    """Resolves item definitions that name each other; its state is what is done and what is under way."""

    def __init__(self, reading: Reading, elements: dict[str, source.Element]) -> None:
        self.reading, self.elements = reading, elements
        self.under_way: set[str] = set()

    def resolve(self, name: str, element: source.Element) -> Type:
        """The type that the item definition of that name gives; a definition within itself is refused."""
        if name in self.reading.types:
            return self.reading.types[name]
        if name in self.under_way:
            self.reading.refuse(element, f"类型“{name}”包含它自己", f'the type "{name}" contains itself')
            return ANY
        self.under_way.add(name)
        found = self.reading.types[name] = self._read(element)
        self.under_way.discard(name)
        return found

    def _read(self, element: source.Element) -> Type:
        """The type of an itemDefinition or itemComponent."""
        components = tuple(source.children(element, "itemComponent"))
        if components:
            found = Type("context", fields=tuple((source.name_of(each), self._read(each)) for each in components))
        elif source.child(element, "functionItem") is not None:
            found = self._function(element)
        else:
            found = self._referred(element)
        if source.attribute(element, "isCollection") == "true":
            found = found.of_list()
        found = found.allowing(allowed_values(self.reading, element, "allowedValues"))
        return found.constrained(allowed_values(self.reading, element, "typeConstraint"))

    def _function(self, element: source.Element) -> Type:
        item = next(source.children(element, "functionItem"))
        parameters = tuple(
            (source.name_of(each), self._of_reference(each, source.attribute(each, "typeRef")))
            for each in source.children(item, "parameters", "parameter")
        )
        return Type("function", self._of_reference(item, source.attribute(item, "outputTypeRef")), parameters)

    def _referred(self, element: source.Element) -> Type:
        holder = source.child(element, "typeRef")
        return self._of_reference(element, "" if holder is None else "".join(holder.itertext()).strip())

    def _of_reference(self, element: source.Element, reference: str) -> Type:
        return self._named(element, reference) if reference else ANY

    def _named(self, element: source.Element, reference: str) -> Type:
        local = reference.rpartition(":")[2]
        for name in (reference, local, local.split(".")[0]):
            if name in self.elements:
                self.resolve(name, self.elements[name])
                break
        found = find_type(self.reading.types, reference) or basic_type(reference)
        if found is None:
            self.reading.refuse(element, f"类型“{reference}”没有定义", f'the type "{reference}" is not defined')
        return found or ANY
