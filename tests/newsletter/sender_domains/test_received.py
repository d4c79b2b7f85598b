"""A test mail that arrived, as somebody saved it with all its headers."""

import pytest

from newsletter.sender_domains import check_received

SIGNED = "from:to:subject:list-unsubscribe:list-unsubscribe-post"


def saved(*, by: str = "ledger.org", signed: str = SIGNED, verdict: str = "dkim=pass") -> bytes:
    return (
        f"Authentication-Results: mx.inbox.org; spf=pass; {verdict}\r\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; d={by}; s=news;\r\n h={signed};\r\n bh=eA==; b=eA==\r\n"
        "From: The Ledger <editors@ledger.org>\r\nSubject: [Test 1]\r\n\r\nWords\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (saved(), "received-fine"),
        (saved(by="mail.ledger.org"), "received-fine"),
        (saved(signed="from:subject:\r\n list-unsubscribe:list-unsubscribe-post"), "received-fine"),
        (saved(by="provider.net"), "received-unsigned"),
        (saved(by="evilledger.org"), "received-unsigned"),
        (saved(signed="from:to:list-unsubscribe"), "received-unsigned"),
        (saved(verdict="dmarc=fail"), "received-failed"),
        (b"From: editors@ledger.org\r\n\r\n", "received-unsigned"),
        (b"\x00\xff", "received-unread"),
        (b"", "received-unread"),
    ],
)
def test_it_is_told_whether_the_way_out_was_signed(raw: bytes, code: str) -> None:
    """# DL-1"""
    assert [one.code for one in check_received(raw)] == [code]
