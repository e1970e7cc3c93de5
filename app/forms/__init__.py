"""Form files (form-js JSON) as HTML fields, as a marshmallow schema and as facts to read; no I/O."""

from app.forms.changes import Change
from app.forms.checking import Checked
from app.forms.component import Component
from app.forms.entries import is_reference
from app.forms.form import Form
from app.forms.identifiers import mask
from app.forms.node import Node, NodeRow, field_id
from app.forms.parsing import parse_form
from app.forms.posted import Entered, Posted, rearranges

__all__ = [
    "Change",
    "Checked",
    "Component",
    "Entered",
    "Form",
    "Node",
    "NodeRow",
    "Posted",
    "field_id",
    "is_reference",
    "mask",
    "parse_form",
    "rearranges",
]
