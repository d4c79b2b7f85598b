"""Reads formulas of chemistry, as the package mhchem does: `2H2 + O2 -> 2H2O`."""

import re

from newsletter.digest.maths.parts import Part

CHEMISTRY = re.compile(r"\^(\{[^{}]*\}|\w*[+-])|(<?[-=]>)|([A-Za-z)\]]+)(\d*)|(.)", re.DOTALL)


def chemistry(written: str) -> list[Part]:
    """Return the parts of what stands in `\\ce{…}`."""
    parts: list[Part] = []
    for found in CHEMISTRY.finditer(written):
        charge, arrow, word, number, other = found.groups()
        if charge:
            parts.append(Part("sup", parts=[Part("text", charge.strip("{}"))]))
        elif arrow:
            parts.append(Part("op", "⇌" if "<" in arrow else "→"))
        elif word and number:
            parts += [Part("text", word), Part("sub", parts=[Part("text", number)])]
        else:
            parts.append(Part("text", word or other))
    return parts
