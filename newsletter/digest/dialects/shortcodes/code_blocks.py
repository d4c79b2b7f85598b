"""Code, diagrams and formulas between two tags."""

from newsletter.digest.dialects.shortcodes.call import Call, Inner, Show, Shown, instead
from newsletter.digest.dialects.written import TICKS, code, code_span


def fenced(call: Call, language: str) -> Shown | None:
    """Show what stands between two tags as code, word for word."""
    if call.inner is None:
        return None
    if not call.is_alone:
        return instead(code_span(call.inner))
    opened = code(call.inner, language).partition("\n")[0]
    ticks = TICKS.match(opened)
    return Shown(f"{opened}\n", ticks[0] if ticks else "", Inner.VERBATIM, is_block=True)


def diagram(language: str) -> Show:
    """Return what shows the source of a diagram: nothing draws it in a mail."""
    return lambda call: fenced(call, language)


def code_block(call: Call) -> Shown | None:
    """Show code in the language that an argument names."""
    return fenced(call, call.get("lang", "language", "type", "class", at=0))


def formula(call: Call) -> Shown | None:
    """Show TeX between two tags, or in an argument, as a formula; alone it only loads a script."""
    if call.inner is None and not call.positional and not call.named:
        return instead("")
    if call.inner is not None and call.is_alone:
        return fenced(call, "math")
    said = call.text or " ".join(call.positional)
    return instead(f"$`{said}`$") if said and "`" not in said else None


def raw(call: Call) -> Shown | None:
    """Let through what stands between two tags: HTML, to be sanitised like any other."""
    return None if call.inner is None else Shown("", "", Inner.VERBATIM, is_block=call.is_alone)
