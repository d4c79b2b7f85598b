"""The two lines that an inbox shows: subject and preheader."""

import re
from collections.abc import Iterator

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked
from newsletter.render.preheader import same

LONGEST = 70
# So many letters or fewer may be a name: NASA, FOSDEM.
NAME = 8
MARKS = re.compile(r"[!?！？]{2,}|[$€£]{2,}")  # noqa: RUF001 (also as they are typed in Japan)
REPLY = re.compile(r"\s*(re|aw|sv|fwd?|wg|tr)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)  # noqa: RUF001


def check_length(checked: Checked) -> Iterator[Finding]:
    """Find a subject that few inboxes show whole."""
    subject = checked.email.subject
    if len(subject) > LONGEST:
        yield checked.finding(
            "subject-long", f"The subject has {len(subject)} characters; phones show about 40."
        )


def check_voice(checked: Checked) -> Iterator[Finding]:
    """Find a subject that shouts, or that pretends to be an answer."""
    subject = checked.email.subject
    letters = [letter for letter in subject if letter.isalpha()]
    if len(letters) > NAME and all(letter.isupper() for letter in letters):
        yield checked.finding("subject-shouts", "The subject is all capitals.")
    elif marks := MARKS.search(subject):
        yield checked.finding("subject-shouts", f"The subject shouts: {marks[0]}")
    if reply := REPLY.match(subject):
        yield checked.finding(
            "subject-reply", f"The subject begins with {reply[0].strip()} and answers nobody."
        )


def check_preheader(checked: Checked) -> Iterator[Finding]:
    """Find a preheader that nobody wrote, or that says what the subject says."""
    digest, subject = checked.digest, checked.email.subject
    written = str(digest.options.get("preheader") or "").strip() or digest.description
    if not written:
        yield checked.finding(
            "no-description",
            "The post has no description; the preheader was written from its text.",
        )
    elif same(written, subject):
        yield checked.finding(
            "preheader-repeats", f"“{written}” says the same as the subject, beside it."
        )
