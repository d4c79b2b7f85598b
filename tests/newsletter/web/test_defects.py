"""A defect of ours: a plain page for the visitor, a traceback in the log, and nobody's data in it."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from subscribers.database import now
from tests.newsletter.web.site import ADA, Site


def test_a_defect_is_a_plain_page_and_its_log_names_no_link_and_no_address(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """# S-18: no traceback reaches a visitor, no token and no address the log."""
    with site.app.database.begin() as session:
        session.execute(text("DROP TABLE suppression"))
        session.execute(text("DROP TABLE letter"))
    token = site.goodbye()
    with caplog.at_level(logging.DEBUG, logger="newsletter"):
        asked = site.client.post(f"/p/{token}", data={"action": "fresh"})
        form = site.form(shown=now() - timedelta(seconds=10), email=ADA.replace("ada", "canary"))
        joined = site.client.post("/subscribe/ledger", data=form)
    for answer in (asked, joined):
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert caplog.text.count("a defect of ours") == 2
    assert "Traceback" in caplog.text
    assert token not in caplog.text
    assert "canary" not in caplog.text
