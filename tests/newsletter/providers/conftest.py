"""What the tests of several providers share."""

import ssl
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def certificate(certificate_file: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give a server's context for `localhost`, and a client's that trusts it."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate_file)
    return theirs, ssl.create_default_context(cafile=str(certificate_file))
