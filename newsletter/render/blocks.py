"""Block keys: words that stand in the MJML for HTML which mrml must not see.

mrml deletes whitespace between elements and refuses half of ordinary HTML, so every fragment
holding an author's words waits outside until the compile is done.
"""

import re

from markupsafe import Markup

_KEY = re.compile(r"zzb(\d{3,})zz")


class Blocks:
    """Fragments waiting outside the MJML, each under a key of its own."""

    def __init__(self) -> None:
        self._fragments: list[str] = []

    def hold(self, fragment: str) -> Markup:
        """Keep a fragment of finished HTML and return the key that stands for it."""
        self._fragments.append(fragment)
        return Markup(f"zzb{len(self._fragments) - 1:03}zz")  # noqa: S704 (letters and digits)

    def put_back(self, html: str) -> str:
        """Replace each of our keys by its fragment; what only looks like a key stays."""

        def fragment(match: re.Match[str]) -> str:
            number = int(match[1])
            return self._fragments[number] if number < len(self._fragments) else match[0]

        return _KEY.sub(fragment, html)
