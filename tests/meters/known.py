"""What no meter passes yet, with a reason each: one table, to be emptied.

A row is (post, meters, reason); `links/text` is a meter of one part, `links` of both, `all` every
one of them. Its tests are expected to fail, strictly: when a change mends one, the suite says
XPASS(strict) and fails until the meter is taken out of its row. Anybody takes out what is mended;
a row is put in only with a reason that is written here and can be defended.
"""

import pytest

from newsletter.errors import NewsletterError

PARTS = ("html", "text")
# The meters of whole emails: what machines say of them.
MACHINES = ("valid", "axe", "overflow", "contrast", "spam", "size")
# fmt: off
KNOWN: tuple[tuple[str, str, str], ...] = ()
# fmt: on


def marks(
    post: str, meter: str, part: str = "", *, strict: bool = True
) -> list[pytest.MarkDecorator]:
    """Return the marks of a test: that it is expected to fail, when the table says so."""
    wanted = {meter, f"{meter}/{part}", "all"}
    return [
        pytest.mark.xfail(reason=reason, raises=(AssertionError, NewsletterError), strict=strict)
        for name, meters, reason in KNOWN
        if name == post and wanted & set(meters.split())
    ]
