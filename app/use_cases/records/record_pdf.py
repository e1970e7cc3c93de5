"""A decision record as a PDF in one language, the same record always the same bytes."""

from __future__ import annotations

from typing import Any

from app.gateways.typesetting import typeset
from app.texts import LANGUAGES, Text
from app.use_cases.records.record import Block, Facts, Grid, Record, moment

TEMPLATE = "decision_record"
TITLE = Text("授信决定档案", "Decision record")
WORDS = {
    "hash": Text("档案哈希 SHA-256", "Record SHA-256"),
    "about": Text(
        "本档案全部由系统保存的数据生成，相同的数据生成完全相同的文件。人名、机构名和角色名为办理当时的名称；"
        "规则、表单和流程按其内容哈希取办理当时的版本；证件号码等个人信息只显示掩码。时间均为北京时间。",
        "Made of stored data alone: the same data give the same file. People, organisations and roles are called what "
        "they were called when they acted; rules, forms and processes are those of that day, by the hash of their "
        "content; personal numbers are masked. Times are those of Beijing.",
    ),
    "as_of": Text("截至本案最后一次办理：", "As of the last act in this case: "),
}


def record_pdf(record: Record, language: str) -> bytes:
    """The PDF; it says that it was made at the time of the record's last act. `language` is "zh" or "en"."""
    assert language in LANGUAGES, f"{language} is no language of the product"
    return typeset(TEMPLATE, printed(record, language), record.last_at, archival=True)


def printed(record: Record, language: str) -> dict[str, Any]:
    """The record in one language, as the template reads it."""
    return {
        "language": language,
        "title": TITLE.of(language),
        "number": record.number,
        "company": record.company.of(language),
        "funder": record.funder.of(language),
        "product": record.product.of(language),
        "outcome": record.outcome.of(language),
        "last_at": moment(record.last_at).zh,
        "sha256": record.sha256,
        "words": {key: text.of(language) for key, text in WORDS.items()},
        "sections": [
            {
                "title": section.title.of(language),
                "parts": [
                    {
                        "title": part.title.of(language),
                        "note": part.note.of(language),
                        "blocks": [_block(one, language) for one in part.blocks],
                    }
                    for part in section.parts
                ],
            }
            for section in record.sections
        ],
    }


def _block(block: Block, language: str) -> dict[str, Any]:
    if isinstance(block, Facts):
        facts = [[one.label.of(language), one.value.of(language)] for one in block.facts]
        return {"kind": "facts", "title": block.title.of(language), "facts": facts}
    if isinstance(block, Grid):
        return {
            "kind": "grid",
            "title": block.title.of(language),
            "heads": [one.of(language) for one in block.heads],
            "rows": [[cell.of(language) for cell in row] for row in block.rows],
            "widths": list(block.widths),
            "right": list(block.right),
        }
    return {"kind": "words", "label": block.label.of(language), "text": block.text.of(language)}
