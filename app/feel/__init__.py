"""FEEL (DMN 1.3 to 1.5): expressions parsed once and evaluated safely; used by engine, decisions and forms.

Values are None, bool, Decimal, str, list, dict, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration, Range and
Function. What has no meaning is null (None); FeelError is a text that is no FEEL, or a limit that was reached.
"""

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.errors import FeelError
from app.feel.expression import Expression, UnaryTests, parse_expression, parse_unary_tests
from app.feel.functions import Function
from app.feel.library import BUILTINS
from app.feel.names import NameTable
from app.feel.ranges import Range
from app.feel.run import DEFAULT_LIMITS, Limits, Run
from app.feel.temporal import Date, DateTime, Time
from app.feel.types import Type, conforming, is_instance
from app.feel.values import Scope, to_feel, to_plain

__all__ = [
    "BUILTINS",
    "DEFAULT_LIMITS",
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "Expression",
    "FeelError",
    "Function",
    "Limits",
    "NameTable",
    "Range",
    "Run",
    "Scope",
    "Time",
    "Type",
    "UnaryTests",
    "YearsMonthsDuration",
    "conforming",
    "is_instance",
    "parse_expression",
    "parse_unary_tests",
    "to_feel",
    "to_plain",
]
