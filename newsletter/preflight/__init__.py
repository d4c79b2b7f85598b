"""What would go wrong in an inbox, before anything leaves.

`CHECKS` look at the post and the email alone. What asks somebody outside stands apart, and only
`newsletter check` asks: `spam` (SpamAssassin on this machine), `online` (the links).
"""

from collections.abc import Iterator

from newsletter.findings import Finding
from newsletter.preflight.checked import Check, Checked
from newsletter.preflight.features import check_features
from newsletter.preflight.front_matter import check_date, check_draft
from newsletter.preflight.letters import check_letters
from newsletter.preflight.links import check_links
from newsletter.preflight.machinery import check_machinery, check_markup, check_merge_fields
from newsletter.preflight.masthead import check_colours, check_counting, check_owed, check_way_out
from newsletter.preflight.pictures import check_alt, check_repeats
from newsletter.preflight.size import check_size
from newsletter.preflight.sources import check_labels, check_pairs
from newsletter.preflight.subject_line import check_length, check_preheader, check_voice
from newsletter.preflight.text_file import check_text_file

__all__ = ["CHECKS", "Checked", "check"]

CHECKS: tuple[Check, ...] = (
    check_draft,
    check_date,
    check_length,
    check_voice,
    check_preheader,
    check_machinery,
    check_merge_fields,
    check_markup,
    check_pairs,
    check_labels,
    check_links,
    check_text_file,
    check_alt,
    check_repeats,
    check_features,
    check_size,
    check_way_out,
    check_owed,
    check_counting,
    check_colours,
    check_letters,
)


def check(checked: Checked) -> Iterator[Finding]:
    """Run the checks in their order and yield what they find."""
    for one in CHECKS:
        yield from one(checked)
