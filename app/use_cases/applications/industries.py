"""Sections of the Chinese industry classification (GB/T 4754) for the codes of other classifications."""

from __future__ import annotations

# NAICS 2022 sectors and, where a sector is split in China, subsectors; the longest prefix decides
_NAICS_TO_SECTION = {
    "11": "A",
    "21": "B",
    "22": "D",
    "2213": "D",
    "23": "E",
    "31": "C",
    "32": "C",
    "33": "C",
    "42": "F",
    "44": "F",
    "45": "F",
    "48": "G",
    "49": "G",
    "51": "I",
    "512": "R",
    "52": "J",
    "53": "K",
    "532": "L",
    "533": "L",
    "54": "M",
    "541": "M",
    "5411": "L",
    "5412": "L",
    "5418": "L",
    "55": "L",
    "56": "L",
    "562": "N",
    "61": "P",
    "62": "Q",
    "71": "R",
    "72": "H",
    "81": "O",
    "92": "S",
}
LONGEST = 4


def section_of_naics(code: str) -> str | None:
    """The section letter of a NAICS code, None where no sector begins like it."""
    for length in range(LONGEST, 1, -1):
        section = _NAICS_TO_SECTION.get(code[:length])
        if section is not None:
            return section
    return None
