"""What a form sent, in either encoding; what cannot be read counts as nothing sent."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException


async def sent_in(request: Request) -> Mapping[str, str]:
    """Return the written fields of a body; a file in place of one, or a broken body, is none.

    A mail client that leaves by one click must never meet a complaint about its encoding.
    """
    try:
        async with request.form() as form:
            written = [(name, value) for name, value in form.multi_items()]
    except (HTTPException, LookupError, ValueError):
        return {}
    # A part may name any charset, and some of them yield what no page can be written with.
    return {
        name: value.encode("utf-8", "replace").decode()
        for name, value in written
        if isinstance(value, str)
    }


Sent = Annotated[Mapping[str, str], Depends(sent_in)]
