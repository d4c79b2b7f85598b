"""Cells that a spreadsheet would run as formulas, made harmless (RULES S-15)."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: str) -> str:
    """Return the cell with a quote before it when a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
