"""Finds the page that `ref` and `relref` name."""

from newsletter.digest.dialects.shortcodes.call import Call
from newsletter.digest.dialects.written import address


def referred(call: Call) -> str:
    """Return the address of the page that is referred to, as it may stand in a link.

    Of a page that is not there the path as written comes back, for the reader to name it.
    """
    written = call.get("path", at=0)
    path, mark, part = written.partition("#")
    if not path:
        return address(f"{call.page.url or ''}{mark}{part}")
    return address(written)
