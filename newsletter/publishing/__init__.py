"""From a post to a scheduled issue: read, render, check, draft, test, schedule.

The one place that the command line, the web pages and the API share.
"""

from newsletter.publishing.letter_bodies import letter_body
from newsletter.publishing.mastheads import SAMPLE, mailbox, masthead_from, masthead_of
from newsletter.publishing.publication import Overrides, Publication, publication, stopping
from newsletter.publishing.sources import issue_key, source_of

__all__ = [
    "SAMPLE",
    "Overrides",
    "Publication",
    "issue_key",
    "letter_body",
    "mailbox",
    "masthead_from",
    "masthead_of",
    "publication",
    "source_of",
    "stopping",
]
