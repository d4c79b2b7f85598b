"""A message that SendGrid's double accepted, as its recipient would get it."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message as its recipient would get it; `request` numbers the call from 1."""

    to: str
    name: str
    headers: Mapping[str, str]
    custom_args: Mapping[str, str]
    substitutions: Mapping[str, str]
    shared: Mapping[str, Any] = field(repr=False)
    request: int = 0

    @property
    def subject(self) -> str:
        """The subject with the values in it."""
        return self._put(str(self.shared["subject"]))

    @property
    def text(self) -> str:
        """The text part with the values in it."""
        return self._content("text/plain")

    @property
    def pictures(self) -> dict[str, tuple[str, bytes]]:
        """The inline attachments by Content-ID, with their types."""
        attached = self.shared.get("attachments", [])
        assert all(one["disposition"] == "inline" for one in attached)
        return {
            one["content_id"]: (one["type"], b64decode(one["content"], validate=True))
            for one in attached
        }

    @property
    def html(self) -> str:
        """The HTML part with the values in it."""
        return self._content("text/html")

    def _content(self, kind: str) -> str:
        (found,) = (one["value"] for one in self.shared["content"] if one["type"] == kind)
        return self._put(found)

    def _put(self, text: str) -> str:
        # Twice: a value that holds a tag is not to become another value (SG-4).
        for _ in range(2):
            for tag, value in self.substitutions.items():
                text = text.replace(tag, value)
        return text

    @property
    def line(self) -> str:
        """What the log says of it."""
        shown = {
            "to": self.to,
            "custom_args": self.custom_args,
            "headers": self.headers,
            "subject": self.subject,
            "html": sha256(self.html.encode()).hexdigest(),
            "request": self.request,
        }
        return json.dumps(shown, ensure_ascii=False)
