"""A strict reader of messages, written from the RFCs and apart from the composer and `email`."""

import base64
import re
from dataclasses import dataclass, field

SOFT = "=\r\n"
FORMAT = {"plain": "; format=flowed", "html": ""}


@dataclass(frozen=True, slots=True)
class Message:
    """Header fields in order, unfolded and still encoded; the two parts, decoded.

    `pictures`: those embedded, by Content-ID, with their types.
    """

    fields: list[tuple[str, str]]
    text: str
    html: str
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def one(self, name: str) -> str:
        (value,) = self.all(name)
        return value


def read(data: bytes) -> Message:
    """Read a multipart/alternative of text and HTML, which may be a multipart/related.

    AssertionError for whatever is not strict.
    """
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", data) is None, "a bare CR or LF"
    assert data.endswith(b"\r\n")
    raw = data.decode("ascii")
    assert not any(line.startswith((".", "From ")) for line in raw.split("\r\n"))
    assert max(map(len, raw.split("\r\n"))) <= 998
    head, _, body = raw.partition("\r\n\r\n")
    fields = header_fields(head)
    found = dict((name.lower(), value) for name, value in fields)
    boundary = re.fullmatch(
        r'multipart/alternative; boundary="([^"]{1,70})"', found["content-type"]
    )
    assert boundary
    assert found["mime-version"] == "1.0"
    text, html = inner("\r\n" + body, boundary[1])
    related = re.match(
        r'\r\nContent-Type: multipart/related; type="text/html";\r\n boundary="([^"]{1,70})"\r\n\r\n',
        html,
    )
    if related is None:
        return Message(fields, part(text, "plain"), part(html, "html"))
    html, *pictures = inner("\r\n" + html[related.end() :] + "\r\n", related[1])
    return Message(fields, part(text, "plain"), part(html, "html"), dict(map(picture, pictures)))


def inner(raw: str, boundary: str) -> list[str]:
    """Return the parts between a boundary's lines."""
    preamble, *parts = raw.split(f"\r\n--{boundary}")
    assert preamble == ""
    assert parts.pop() == "--\r\n"
    return parts


def picture(raw: str) -> tuple[str, tuple[str, bytes]]:
    """Return an embedded picture's Content-ID, type and bytes (RFC 2392, RFC 2045 §6.8)."""
    head, _, body = raw.removeprefix("\r\n").partition("\r\n\r\n")
    fields = dict(header_fields(head))
    assert fields["Content-Transfer-Encoding"] == "base64"
    assert fields["Content-Disposition"].startswith("inline")
    assert max(map(len, body.split("\r\n"))) <= 76
    found = re.fullmatch(r"<([^<>@ ]+@[^<>@ ]+)>", fields["Content-ID"])
    assert found
    data = base64.b64decode(body.replace("\r\n", ""), validate=True)
    return found[1], (fields["Content-Type"], data)


def header_fields(head: str) -> list[tuple[str, str]]:
    """Return the unfolded fields of a header."""
    fields = []
    for line in re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n"):
        found = re.fullmatch(r"([!-9;-~]+): ?([ -~]*)", line)
        assert found, line
        fields.append((found[1], found[2]))
    assert not any(re.fullmatch(r"[ \t]*", line) for line in head.split("\r\n"))
    return fields


def part(raw: str, subtype: str) -> str:
    head, _, body = raw.removeprefix("\r\n").partition("\r\n\r\n")
    assert header_fields(head) == [
        ("Content-Type", f"text/{subtype}; charset=utf-8{FORMAT[subtype]}"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return quoted_printable(body)


def quoted_printable(body: str) -> str:
    """Decode as RFC 2045 §6.7 writes it, refusing what its robust decoders forgive."""
    out = []
    for line in body.split("\r\n"):
        assert len(line) <= 76
        assert not line.endswith((" ", "\t"))
        is_soft = line.endswith("=")
        content = line[:-1] if is_soft else line
        assert re.fullmatch(r"(?:=[0-9A-F]{2}|[ -<>-~\t])*", content), line
        octets = re.sub(r"=(..)", lambda match: chr(int(match[1], 16)), content)
        out.append(octets if is_soft else octets + "\r\n")
    return "".join(out).removesuffix("\r\n").encode("latin-1").decode("utf-8")


def words(value: str) -> str:
    """Decode the encoded words of RFC 2047; white space between two of them is none."""
    together = re.sub(r"(\?=)\s+(?==\?)", r"\1", value)

    def decode(match: re.Match[str]) -> str:
        assert len(match[0]) <= 75
        if match[1] == "b":
            return base64.b64decode(match[2], validate=True).decode("utf-8")
        spaced = match[2].replace("_", " ")
        octets = re.sub(r"=([0-9A-F]{2})", lambda hexed: chr(int(hexed[1], 16)), spaced)
        return octets.encode("latin-1").decode("utf-8")

    return re.sub(r"=\?utf-8\?([bq])\?([^ ?]*)\?=", decode, together)


def mailbox(value: str) -> tuple[str, str]:
    """Return (name, address) of a field that holds one mailbox."""
    found = re.fullmatch(r"(?:(.*) )?<([^<>]+)>", value)
    if found is None:
        return "", value
    phrase = found[1] or ""
    if phrase.startswith('"'):
        assert "=?" not in phrase, "an encoded word in a quoted string"
        return re.sub(r"\\(.)", r"\1", phrase[1:-1]), found[2]
    return words(phrase), found[2]
