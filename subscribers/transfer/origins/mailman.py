"""Mailman's lists of members: no head, one person a line, `Name <address>` or an address.

So write Mailman 2's `list_members`, Mailman 3's `mailman members` and Postorius' CSV. None of them
tells who has delivery switched off, and why: each kind is asked for by itself (`--nomail`), and
`--as` says what a file's people are.
"""

from subscribers.transfer.origins.origin import Origin

MAILMAN = Origin(name="Mailman", fields={"email": ("email",), "name": ("name",)})
