"""Cells that a spreadsheet would run as formulas, made harmless and read back (RULES S-15)."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: str) -> str:
    """Return the cell with a quote before it when a spreadsheet would run it.

    One that begins with such quotes already gets one more, so that it is read back as it was.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_DANGEROUS) else cell


def armed(cell: str) -> str:
    """Return what `defused` was given: a file we wrote can be read again."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_DANGEROUS) else cell
