"""Typesetting: a Typst template and plain data become a PDF, the same data always the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.errors import ProductError
from app.plain import dumps

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).with_name("contract_templates")
_one_at_a_time = Lock()  # the compiler serves one thread


class TypesettingFailed(ProductError):
    """A template could not be set with these data; the text names the template and what Typst says."""


def typeset(template: str, data: Mapping[str, Any], at: datetime, *, archival: bool = False) -> bytes:
    """The PDF of `contract_templates/<template>.typ` with `data` (plain values); `at` is the time it says it was made.

    `archival` makes it a PDF/A-2b: whatever is needed to read it stands in the file.
    Nothing of the machine goes into it: fonts come from packages and the time from the caller. Raises
    TypesettingFailed. The library is loaded on first use: no page waits for it.
    """
    import typst

    path = TEMPLATES / f"{template}.typ"
    # the library takes times of whole seconds
    made_at = int(at.astimezone(UTC).timestamp())
    try:
        with _one_at_a_time:
            made = _compiler().compile(
                input=path,
                format="pdf",
                sys_inputs={"data": dumps(dict(data)).decode()},
                pdf_standards="a-2b" if archival else [],
                timestamp=made_at,
                root=TEMPLATES,
            )
    except typst.TypstError as error:
        raise TypesettingFailed(
            f"文件模板“{template}”无法排版：{error.message}",
            f'The template "{template}" cannot be set: {error.message}',
        ) from error
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _compiler() -> typst.Compiler:
    import manimgx_fonts_cjk
    import typst

    folder = str(Path(manimgx_fonts_cjk.__file__).parent)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
