"""What the tests of several providers share."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.sendgrid_server import SendGridDouble
from tests.doubles.smtp_server import SmtpDouble


@pytest.fixture(scope="session")
def certificate(certificate_file: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give a server's context for `localhost`, and a client's that trusts it."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate_file)
    return theirs, ssl.create_default_context(cafile=str(certificate_file))


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    """Run a double of SendGrid."""
    with SendGridDouble() as running:
        yield running


@pytest.fixture(params=["pipelining", "step by step"])
def server(request: pytest.FixtureRequest) -> Iterator[SmtpDouble]:
    """A server that takes groups of commands, and one that does not and is never given any."""
    with SmtpDouble(pipelining=request.param == "pipelining") as double:
        yield double
    assert double.early == []
