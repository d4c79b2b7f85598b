"""What comes back by mail: bounces, complaints and goodbyes, read from an inbox.

A mail is read as plain data (`mail`); it counts when it names a mail of ours by a sealed token,
and nobody's address in it is believed.
"""

from newsletter.bounces.inbox import Inbox, open_inbox
from newsletter.bounces.reading import GOODBYE, SOURCE, Kind, Reading, read

__all__ = ["GOODBYE", "SOURCE", "Inbox", "Kind", "Reading", "open_inbox", "read"]
