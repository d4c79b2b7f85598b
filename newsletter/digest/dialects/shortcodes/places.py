"""What other sites host: videos, posts, code, music. A mail links to it."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.written import link, words

ID = re.compile(r"[^<>\"\x00-\x1f]{1,300}")


@dataclass(frozen=True, slots=True)
class Place:
    """What a mail says of a thing at another site, and its address with a `{}` for each part.

    `names` are the arguments that may hold a part, in the order of the parts; a part in front that
    is not given is `default`.
    """

    said: str
    address: str
    names: tuple[tuple[str, ...], ...] = (("id", "src", "url", "video", "v", "link", "uri"),)
    default: str = ""

    def __call__(self, call: Call) -> Shown | None:
        """Show a link under the thing's title, or under what it is."""
        url = self._url(call)
        title = call.get("title", "caption", "alt", "label")
        if not url:
            return None
        return instead(link(words(title or self.said), url), is_block=call.is_alone)

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
_POST = "See the post"
_HEAR = "Listen"

PLACES: dict[str, Place] = {
    "youtube": Place("Watch the video on YouTube", "https://www.youtube.com/watch?v={}"),
    "vimeo": Place("Watch the video on Vimeo", "https://vimeo.com/{}"),
    "dailymotion": Place("Watch the video", "https://www.dailymotion.com/video/{}"),
    "bilibili": Place("Watch the video on Bilibili", "https://www.bilibili.com/video/{}"),
    "twitch": Place("Watch the video on Twitch", "https://www.twitch.tv/videos/{}"),
    "loom": Place("Watch the video", "https://www.loom.com/share/{}"),
    "asciinema": Place("Watch the recording", "https://asciinema.org/a/{}"),
    "x": Place(f"{_POST} on X", "https://x.com/{}/status/{}", _USER_AND_ID, "i"),
    "instagram": Place(f"{_POST} on Instagram", "https://www.instagram.com/p/{}/"),
    "mastodon": Place(
        f"{_POST} on Mastodon", "https://{}/@{}/{}", (("host", "server"), *_USER_AND_ID)
    ),
    "bluesky": Place(f"{_POST} on Bluesky", "https://bsky.app/profile/{}/post/{}", _USER_AND_ID),
    "tiktok": Place(
        "Watch the video on TikTok", "https://www.tiktok.com/@{}/video/{}", _USER_AND_ID
    ),
    "facebook": Place(f"{_POST} on Facebook", "https://www.facebook.com/{}"),
    "reddit": Place(f"{_POST} on Reddit", "https://www.reddit.com/{}"),
    "gist": Place("See the code on GitHub", "https://gist.github.com/{}/{}", _USER_AND_ID),
    "github": Place("See the repository on GitHub", "https://github.com/{}", (("repo", "user"),)),
    "gitlab": Place("See the project on GitLab", "https://gitlab.com/{}", (("repo", "projectid"),)),
    "codepen": Place("See the code on CodePen", "https://codepen.io/{}/pen/{}", _USER_AND_ID),
    "jsfiddle": Place("See the code on JSFiddle", "https://jsfiddle.net/{}"),
    "codesandbox": Place("See the code on CodeSandbox", "https://codesandbox.io/s/{}"),
    "stackblitz": Place("See the code on StackBlitz", "https://stackblitz.com/edit/{}"),
    "replit": Place("See the code on Replit", "https://replit.com/{}"),
    "spotify": Place(f"{_HEAR} on Spotify", "https://open.spotify.com/{}/{}", (("type",), ("id",))),
    "soundcloud": Place(f"{_HEAR} on SoundCloud", "https://soundcloud.com/{}"),
    "speakerdeck": Place("See the slides", "https://speakerdeck.com/player/{}"),
    "slideshare": Place("See the slides", "https://www.slideshare.net/slideshow/embed_code/key/{}"),
    "googlemaps": Place("See the map", "https://www.google.com/maps/d/viewer?mid={}"),
    "iframe": Place("See it online", "{}"),
    "video": Place("Watch the video", "{}"),
    "audio": Place("Listen", "{}"),
    "pdf": Place("Read the PDF", "{}"),
    "file": Place("Get the file", "{}"),
}
