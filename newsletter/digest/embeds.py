"""What runs only in a browser (a film, a sound, somebody else's page) as a link with words.

For dialects' own tags, `{{< youtube ID >}}` or `{% vimeo ID %}`, as much as for raw `<iframe>`s:
`embed(address, title).markdown`.
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, unquote, urlsplit

from newsletter.digest.phrases import phrase

YOUTUBE_ID = re.compile(r"[\w-]{11}")
VIMEO_ID = re.compile(r"\d{6,12}(?:/\w{6,})?")
YOUTUBE_HOSTS = ("youtube.com", "youtube-nocookie.com", "m.youtube.com", "youtu.be")
# The pages that these players play, and the pictures that their hosts serve for it.
PLAYERS = tuple(
    (re.compile(address, re.ASCII), page, picture)
    for address, page, picture in (
        (r"https://player\.vimeo\.com/video/(\d+)\b.*", r"https://vimeo.com/\1", ""),
        (
            r"https://(?:www|geo)\.dailymotion\.com/(?:embed/video/|player\S*\?video=)(\w+).*",
            r"https://www.dailymotion.com/video/\1",
            r"https://www.dailymotion.com/thumbnail/video/\1",
        ),
        # PeerTube, on any host: https://docs.joinpeertube.org/api/embed-player
        (r"(https://[^/]+)/videos/embed/([\w-]+).*", r"\1/videos/watch/\2", ""),
        (r"https://www\.loom\.com/embed/(\w+).*", r"https://www.loom.com/share/\1", ""),
        (r"https://streamable\.com/[eo]/(\w+).*", r"https://streamable.com/\1", ""),
    )
)
FILMS = (
    *YOUTUBE_HOSTS,
    "vimeo.com",
    "dailymotion.com",
    "loom.com",
    "streamable.com",
    "twitch.tv",
    "tiktok.com",
)
SOUNDS = ("spotify.com", "soundcloud.com", "bandcamp.com", "podcasts.apple.com", "simplecast.com")
FILM_FILE = re.compile(r".*\.(?:mp4|m4v|webm|ogv|mov)", re.IGNORECASE)
SOUND_FILE = re.compile(r".*\.(?:mp3|m4a|ogg|oga|opus|wav|flac)", re.IGNORECASE)
# A post on X: /user/status/number; on Mastodon: /@user/number.
SHORT_POST = re.compile(r"/(@?\w+)/(?:status/)?(\d+)(?:/embed)?", re.ASCII)
SHORT_POST_HOSTS = ("x.com", "twitter.com")
MARKUP = re.compile(r"([\\`*_{}\[\]<>#!|~^=$&:])")


@dataclass(frozen=True, slots=True)
class Embed:
    """A link that stands for what is played or shown elsewhere: address, words, a picture of it."""

    url: str
    words: str
    picture: str = ""

    @property
    def markdown(self) -> str:
        """The link as one line of Markdown; its picture says nothing that its words do not."""
        words = MARKUP.sub(r"\\\1", self.words)
        shown = f'<img src="{escape(self.picture)}" alt=""><br>' if self.picture else ""
        return f"[{shown}{words}](<{_quoted(self.url)}>)"


def video(url_or_id: str, title: str = "") -> str:
    """Return Markdown for a film: by the address of its page or player, or a YouTube or Vimeo id."""
    url_or_id = url_or_id.strip()
    if YOUTUBE_ID.fullmatch(url_or_id) and not url_or_id.isdigit():
        url_or_id = f"https://www.youtube.com/watch?v={url_or_id}"
    elif VIMEO_ID.fullmatch(url_or_id):
        url_or_id = f"https://vimeo.com/{url_or_id}"
    return film(url_or_id, title).markdown


def embed(url: str, title: str = "") -> Embed:
    """Return the link for the address of a frame or an embedded file, by its host."""
    found = _known_film(url)
    host, path = host_of(url), _path(url)
    if found or _is_of(host, FILMS) or FILM_FILE.fullmatch(path):
        return film(url, title)
    if _is_of(host, SOUNDS) or SOUND_FILE.fullmatch(path):
        return sound(url, title)
    title = _tidy(title)
    post = SHORT_POST.fullmatch(path)
    if post and (_is_of(host, SHORT_POST_HOSTS) or post[1].startswith("@")):
        name = f"@{post[1].removeprefix('@')}"
        return Embed(url, title or phrase("post", f"{name} ({host})"))
    if title:
        return Embed(url, f"{title} ({host})" if host and host not in title else title)
    return Embed(url, phrase("online", host) if host else phrase("open", _file_name(url)))


def film(url: str, title: str = "", picture: str = "") -> Embed:
    """Return the link for a film; YouTube and Dailymotion have a picture of each."""
    page_url, still = _known_film(url) or (url, "")
    what = _tidy(title) or host_of(page_url) or _file_name(url)
    return Embed(page_url, phrase("video", what), picture or still)


def sound(url: str, title: str = "") -> Embed:
    """Return the link for a recording."""
    return Embed(url, phrase("listen", _tidy(title) or host_of(url) or _file_name(url)))


def host_of(url: str) -> str:
    """Return the host that a reader would recognise; empty without one."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|open|player|embed|w)\.(?=.+\.)", "", host)


def _known_film(url: str) -> tuple[str, str] | None:
    """Return the page of a film and the address of its picture, for players that are known."""
    url = f"https:{url}" if url.startswith("//") else url
    known = _youtube_id(url)
    if known:
        return (
            f"https://www.youtube.com/watch?v={known}",
            f"https://img.youtube.com/vi/{known}/hqdefault.jpg",
        )
    for address, page_url, picture in PLAYERS:
        found = address.fullmatch(url)
        if found:
            return found.expand(page_url), found.expand(picture)
    return None


def _youtube_id(url: str) -> str:
    host = host_of(url)
    if host not in YOUTUBE_HOSTS:
        return ""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    named = parse_qs(parts.query).get("v", [last])[0]
    return named if YOUTUBE_ID.fullmatch(named) and named != "videoseries" else ""


def _is_of(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _file_name(url: str) -> str:
    return unquote(_path(url)).rstrip("/").rpartition("/")[2]


def _tidy(title: str) -> str:
    return " ".join(title.split())


def _quoted(url: str) -> str:
    """Return an address that Markdown's angle brackets can hold."""
    return re.sub(r"[\s<>\\]", lambda found: f"%{ord(found[0]):02X}", url.strip())
