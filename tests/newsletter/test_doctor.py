"""What `doctor` says of a list's choices and its provider's abilities."""

from pathlib import Path

import pytest

from newsletter.app import build
from newsletter.doctor import examine
from subscribers.models import CountedBy, List, TrackingMode
from tests.newsletter.house import add_people, settings_for


@pytest.mark.parametrize(
    ("counted_by", "mode", "is_told"),
    [
        (CountedBy.PROVIDER, TrackingMode.INDIVIDUAL, True),
        (CountedBy.PROVIDER, TrackingMode.OFF, False),
        (CountedBy.OWN, TrackingMode.INDIVIDUAL, False),
    ],
)
def test_a_list_that_leaves_counting_to_a_provider_which_counts_none_is_told_of(
    sqlite_url: str, tmp_path: Path, counted_by: CountedBy, mode: TrackingMode, is_told: bool
) -> None:
    # Its outbox counts nothing.
    app = build(settings_for(sqlite_url, tmp_path))
    list_id = add_people(app, 0)
    with app.database.begin() as session:
        row = session.get_one(List, list_id)
        row.counted_by, row.click_tracking = counted_by, mode
    found = [one for one in examine(app) if one.code == "provider-counts-nothing"]
    app.database.close()
    assert bool(found) is is_told
    for one in found:
        assert "the list ledger leaves clicks and opens to its provider" in one.message
        assert "newsletter lists edit ledger --counted-by own" in one.mend
