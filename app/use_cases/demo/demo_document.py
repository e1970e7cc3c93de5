"""A one-page PDF that says what it stands for."""

from __future__ import annotations

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 298] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"


def demo_document(title: str) -> bytes:
    """A PDF with the title and the remark that it is a sample; letters outside ASCII are left out."""
    shown = "".join(c for c in title if c.isascii() and c not in "()\\")
    drawn = f"BT /F1 20 Tf 40 220 Td ({shown}) Tj 0 -40 Td /F1 12 Tf (Sample document of the demo) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return (f"{written}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}").encode("ascii")
