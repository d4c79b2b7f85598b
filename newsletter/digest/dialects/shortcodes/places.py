"""What other sites host: videos, posts, code, music. A mail links to it."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.digest.addresses import SCHEME
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.embeds import embed
from newsletter.digest.phrases import phrase

ID = re.compile(r"[^<>\"\x00-\x1f]{1,300}")


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a thing at another site, with a `{}` for each part of its id.

    `names` are the arguments that may hold a part, in the order of the parts; a part in front that
    is not given is `default`.
    """

    address: str
    names: tuple[tuple[str, ...], ...] = (("id", "src", "url", "video", "v", "link", "uri"),)
    default: str = ""

    def __call__(self, call: Call) -> Shown | None:
        """Show a link under the thing's title, or under what it is."""
        url = self._url(call)
        if not url or (SCHEME.match(url) and not url.lower().startswith(("http:", "https:"))):
            return None
        # Without its author's name a post cannot be announced by it.
        nameless = phrase("post") if self.default and f"/{self.default}/" in url else ""
        title = call.get("title", "caption", "alt", "label") or nameless
        return instead(embed(url, title).markdown, is_block=call.is_alone)

    def _url(self, call: Call) -> str:
        given = [*call.positional, *([call.text] if call.text and not call.positional else [])]
        parts = [call.get(*names) for names in self.names]
        urls = (*parts, *given, call.get("url", "src", "href"))
        whole = next((one for one in urls if "://" in one), "")
        if whole:
            return whole
        if not any(parts):
            missing = [self.default] * (len(parts) - len(given)) if self.default else []
            parts = [*missing, *given][: len(parts)]
        if self.address != "{}":
            parts = [one.strip("/") or self.default for one in parts]
        if len(parts) < len(self.names) or not all(map(ID.fullmatch, parts)):
            return ""
        return self.address.format(*(quote(one, safe="/@:=?&%+~.-_") for one in parts))


_USER_AND_ID = (("user", "username"), ("id", "status"))

PLACES: dict[str, Place] = {
    "youtube": Place("https://www.youtube.com/watch?v={}"),
    "vimeo": Place("https://vimeo.com/{}"),
    "dailymotion": Place("https://www.dailymotion.com/video/{}"),
    "streamable": Place("https://streamable.com/{}"),
    "bilibili": Place("https://www.bilibili.com/video/{}"),
    "twitch": Place("https://www.twitch.tv/videos/{}"),
    "loom": Place("https://www.loom.com/share/{}"),
    "asciinema": Place("https://asciinema.org/a/{}"),
    "x": Place("https://x.com/{}/status/{}", _USER_AND_ID, "i"),
    "instagram": Place("https://www.instagram.com/p/{}/"),
    "mastodon": Place("https://{}/@{}/{}", (("host", "server"), *_USER_AND_ID)),
    "bluesky": Place("https://bsky.app/profile/{}/post/{}", _USER_AND_ID),
    "tiktok": Place("https://www.tiktok.com/@{}/video/{}", _USER_AND_ID),
    "facebook": Place("https://www.facebook.com/{}"),
    "reddit": Place("https://www.reddit.com/{}"),
    "gist": Place("https://gist.github.com/{}/{}", _USER_AND_ID),
    "github": Place("https://github.com/{}", (("repo", "user"),)),
    "gitlab": Place("https://gitlab.com/{}", (("repo", "projectid"),)),
    "codepen": Place("https://codepen.io/{}/pen/{}", _USER_AND_ID),
    "jsfiddle": Place("https://jsfiddle.net/{}"),
    "codesandbox": Place("https://codesandbox.io/s/{}"),
    "stackblitz": Place("https://stackblitz.com/edit/{}"),
    "replit": Place("https://replit.com/{}"),
    "spotify": Place("https://open.spotify.com/{}/{}", (("type",), ("id",))),
    "soundcloud": Place("https://soundcloud.com/{}"),
    "speakerdeck": Place("https://speakerdeck.com/player/{}"),
    "slideshare": Place("https://www.slideshare.net/slideshow/embed_code/key/{}"),
    "googlemaps": Place("https://www.google.com/maps/d/viewer?mid={}"),
    "iframe": Place("{}"),
    "video": Place("{}"),
    "audio": Place("{}"),
    "pdf": Place("{}"),
    "file": Place("{}"),
}
