"""The meters of what an email leads to and shows: links, places within it, pictures."""

from urllib.parse import quote, unquote, urljoin, urlsplit

from tests.meters.markup import Picture
from tests.meters.measured import Measured
from tests.meters.posts import PUBLIC_URL
from tests.meters.words import texts


def links_there(it: Measured) -> list[str]:
    """Every distinct link of the source, made absolute; or a finding that names it."""
    held = {_plainest(link) for link in it.part.links}
    faults = []
    for link in {one.url: one for one in it.source.links}.values():
        if link.url.startswith("#") or _leads(link.url, it.post.site, held):
            continue
        if _is_resolvable(link.url, it.post.site) or not _is_named(link.url, "link", it):
            faults.append(f"line {link.line}: {link.url}")
    return faults


def _is_resolvable(url: str, site: str) -> bool:
    """Whether anybody can tell where it leads: then a finding is no excuse."""
    scheme = urlsplit(url).scheme
    return scheme in ("http", "https", "mailto") or (
        not scheme and url.startswith("/") and bool(site)
    )


def _leads(url: str, site: str, held: set[str]) -> bool:
    if urlsplit(url).scheme or url.startswith("//"):
        return _plainest(urljoin("https:", url)) in held
    if url.startswith("/") and site:
        return _plainest(urljoin(site, url)) in held
    tail = _plainest(url.lstrip("./"))
    return any(one.endswith(f"/{tail}") for one in held)


def _plainest(url: str) -> str:
    """Return a URL so that two which lead to the same place are equal."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.lower().encode("idna").decode() if parts.netloc else ""
    except (UnicodeError, ValueError):
        return url.strip()
    path = quote(unquote(parts.path), safe="/@:~!$&'()*+,;=").rstrip("/")
    rest = "".join(
        f"{mark}{quote(unquote(one), safe='/@:~!$&()*+,;=?%')}"
        for mark, one in (("?", parts.query), ("#", parts.fragment))
        if one
    )
    return f"{parts.scheme}://{host}{path}{rest}" if parts.scheme or host else f"{path}{rest}"


def host(url: str) -> str:
    """Return the host that an address names, empty without one."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_named(what: str, kind: str, it: Measured) -> bool:
    """Whether a finding of this kind, by its code, names a link or a picture."""
    return any(one.code.startswith(kind) and what[:57] in one.message for one in it.findings)


def anchors_lead(it: Measured) -> list[str]:
    """No link within the email leads to a place that is not there."""
    inner = sorted(link for link in it.part.links if link.startswith("#"))
    return [f"{link} leads nowhere" for link in inner if link[1:] not in it.part.ids]


def pictures_there(it: Measured) -> list[str]:
    """Every picture is shown, with its description, or a finding names it."""
    shown = {_plainest(src) for src, _ in it.part.pictures}
    said = " ".join(it.part.named) + " " + " ".join(word.text for word in it.part.flow)
    faults = []
    for one in {picture.src: picture for picture in it.source.pictures}.values():
        if _is_named(one.src, "picture", it):
            continue
        if it.kind == "html" and not one.is_cover and not _is_shown(one, it, shown):
            faults.append(f"line {one.line}: {one.src} is neither shown nor named")
        elif one.words and " ".join(texts(one.words)) not in said:
            faults.append(f"line {one.line}: {one.src} without its description {one.words[:50]!r}")
    return faults


def _is_shown(picture: Picture, it: Measured, shown: set[str]) -> bool:
    """Whether it is left at its site, or carried by the mail's own service with its words."""
    if _leads(picture.src, it.post.site, shown):
        return True
    carried = [said for src, said in it.part.pictures if src.startswith(f"{PUBLIC_URL}/m/")]
    is_beside = (it.post.path.parent / picture.src).is_file()
    return is_beside and any(texts(said) == texts(picture.words) for said in carried)
