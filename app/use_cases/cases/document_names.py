"""What the documents of a case are called: by the checklist that asked for them, else by the field that took them."""

from __future__ import annotations

from app.texts import Text
from app.use_cases.cases.case_file import CaseFile


def document_names(file: CaseFile) -> dict[str, Text]:
    """Document kind -> what people call it."""
    names: dict[str, Text] = {}
    for answered in file.answered:
        given = [part for part in answered.form.fields if part.type == "filepicker"]
        names.update({part.path.rpartition(".")[2]: part.label for part in given})
    for task in file.tasks:
        for value in (task.variables or {}).values():
            for item in value if isinstance(value, list) else ():
                if isinstance(item, dict) and isinstance(item.get("kind"), str) and isinstance(item.get("name"), str):
                    names[item["kind"]] = Text(item["name"], str(item.get("name_en") or ""))
    return names
