"""Recognises what is no file of this product at all, before anything parses it, and files of other engines."""

from __future__ import annotations

from app.texts import Text
from app.use_cases.definitions.file_kinds import kind_of
from app.use_cases.definitions.verdicts import ERROR, Finding

MAX_BYTES = 4_000_000
_HEAD = 400
_SAVED = Text(
    "请上传 Camunda Modeler 保存的 .bpmn、.form 或 .dmn 文件。",
    "Upload a .bpmn, .form or .dmn file saved by Camunda Modeler.",
)
_MAGIC = (
    (
        b"PK\x03\x04",
        Text("这是压缩包，不是流程文件。", "This is an archive, not a definition file."),
        Text(
            "请先解压，再上传里面的 .bpmn、.form 或 .dmn 文件。",
            "Unpack it and upload the .bpmn, .form or .dmn files inside.",
        ),
    ),
    (b"\x1f\x8b", Text("这是压缩文件。", "This is a compressed file."), Text("请先解压。", "Unpack it first.")),
    (b"%PDF", Text("这是 PDF 文档。", "This is a PDF document."), _SAVED),
)
_FOREIGN = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti / Camunda 5",
    "http://flowable.org/bpmn": "Flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}


def not_a_definition(file: str, content: bytes) -> Finding | None:
    """Why the content cannot be a diagram, form or table at all; None where it may be one."""
    if not content.strip():
        return _fault(file, Text("文件是空的。", "The file is empty."), _SAVED)
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1_000_000:.1f} MB"
        text = Text(f"文件有 {size}，最大 4 MB。", f"The file has {size}; the limit is 4 MB.")
        return _fault(file, text, Text("请把它拆成几个较小的文件。", "Split it into several smaller files."))
    for magic, text, mend in _MAGIC:
        if content.startswith(magic):
            return _fault(file, text, mend)
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        text = Text("这是网页（HTML），不是流程文件。", "This is a web page (HTML), not a definition file.")
        return _fault(file, text, _SAVED)
    if b"<!doctype" in head or b"<!entity" in head:
        text = Text("不允许 DOCTYPE 声明和实体。", "A DOCTYPE and entities are not allowed.")
        mend = Text("请删除文件开头的 DOCTYPE 声明。", "Delete the DOCTYPE at the beginning of the file.")
        return _fault(file, text, mend)
    if not kind_of(file):
        text = Text(
            "文件名应以 .bpmn、.form、.dmn、.tests.json 或 .tests.xml 结尾。",
            "The file's name must end in .bpmn, .form, .dmn, .tests.json or .tests.xml.",
        )
        return _fault(file, text, _SAVED)
    return None


def made_for(uses: set[str]) -> Text | None:
    """Which other engine the namespaces in use belong to, as a problem; None for none."""
    names = [name for space, name in _FOREIGN.items() if space in uses]
    if not names:
        return None
    shown = ", ".join(names)
    return Text(
        f"这个文件是为 {shown} 画的，它的专用设置在这里不起作用。",
        f"This file was drawn for {shown}; its settings mean nothing here.",
    )


REDRAW = Text(
    "请在 Camunda Modeler 里新建 Camunda 8 流程图，把各步的设置重新填写。",
    "Make a Camunda 8 diagram in Camunda Modeler and fill in the steps' settings again.",
)


def _fault(file: str, text: Text, mend: Text) -> Finding:
    return Finding("", Text(file, file), None, ERROR, text, mend)
