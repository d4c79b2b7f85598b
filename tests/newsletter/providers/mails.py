"""Messages on the wire read as what a receiver got."""

from collections import defaultdict

from tests.newsletter import mime_reader
from tests.newsletter.providers.contract import Received


def received(data: bytes) -> Received:
    """Read one message strictly."""
    message = mime_reader.read(data)
    name, address = mime_reader.mailbox(message.one("To"))
    headers: dict[str, list[str]] = defaultdict(list)
    for field, value in message.fields:
        headers[field.lower()].append(value)
    return Received(
        to=address,
        name=name,
        subject=mime_reader.words(message.one("Subject")),
        text=message.text.replace("\r\n", "\n"),
        html=message.html.replace("\r\n", "\n"),
        headers=dict(headers),
        pictures=message.pictures,
    )
