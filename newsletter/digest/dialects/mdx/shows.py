"""What components become: those of MDX and Vue themes, beside the names that many sites share."""

import re
from collections.abc import Mapping

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.mdx.expressions import value_of
from newsletter.digest.dialects.mdx.parts import LAYOUT
from newsletter.digest.dialects.shortcodes import boxes, phrases, pictures
from newsletter.digest.dialects.shortcodes.call import Call, Inner, Show, Shown, instead
from newsletter.digest.dialects.shortcodes.known import known
from newsletter.digest.dialects.shortcodes.places import PLACES
from newsletter.digest.dialects.written import code, link, words

SUMMARY = re.compile(r"\s*<summary\b[^<>]{0,400}>(.{0,1000}?)</summary>", re.DOTALL)
ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>|[{}]")
# Forms and icons have as many names as there are sites.
FORMS = re.compile(
    r"(?:email)?(?:subscri(?:be|ption)|newsletter|signup|optin|donate)\w*", re.IGNORECASE
)
ICONS = re.compile(r"\w*Icon|Icon\w+|(?:Fa|Md|Si|Bi|Lu|Hi|Io)[A-Z]\w+")


def show(call: Call) -> Shown | None:
    """Return what a component becomes, None for one that only its own site knows."""
    name = call.name
    if name[:1].islower() and name in OWN_HTML:
        return OWN_HTML[name](call)
    plain = re.sub(r"[-_.]", "", name).lower()
    last = name.rpartition(".")[2].lower()
    found = OWN.get(plain) or OWN.get(last) or known(plain) or known(last)
    if found:
        return found(call)
    if FORMS.fullmatch(name):
        return phrases.site_only(call)
    return phrases.nothing(call) if ICONS.fullmatch(name) else None


def _layout(call: Call) -> Shown:
    is_inline = call.name in ("span", "font")
    return Shown(is_block=not is_inline)


def _details(call: Call) -> Shown:
    summary = SUMMARY.match(call.inner or "")
    title = ANY_TAG.sub("", summary[1]) if summary else call.get("summary", "title")
    return Shown(opening("details", title), closing(), is_block=True)


def _group(call: Call) -> Shown:
    return Shown(is_block=call.is_alone)


def _aside(call: Call) -> Shown | None:
    return boxes.admonition(call)


def _tab(call: Call) -> Shown | None:
    title = call.get("label", "title", "header", "name", "value")
    return Shown(f"**{words(title)}**\n\n" if title else "", is_block=True)


def _link(call: Call) -> Shown | None:
    """Show a link around the words between two tags, below them where they are blocks."""
    address = call.get("href", "url", "link")
    title = call.get("title", "label", "text", "children")
    if call.inner is None or not call.inner.strip():
        return instead(link(words(title), address)) if address or title else None
    around = link("x", address)
    if not around.startswith("["):
        return Shown()
    if "\n\n" in call.inner or "<" in call.inner:
        return Shown("", link(words(title), address), is_block=call.is_alone)
    return Shown("[", around.removeprefix("[x"))


def _code(call: Call) -> Shown | None:
    """Show the code in `<CodeBlock>{`…`}</CodeBlock>`, or as it stands between the tags."""
    inner = (call.inner or "").strip()
    language = call.get("language", "lang", "classname").removeprefix("language-")
    title = call.get("title", "filename")
    if inner[:1] == "{" and inner[-1:] == "}":
        value = value_of(inner[1:-1], {}, {})
        if value is None:
            return None
        inner = value
    if not inner:
        return None
    head = f"**{words(title)}**\n\n" if title else ""
    return instead(head + code(inner, language), is_block=True)


def _picture(call: Call) -> Shown | None:
    if not call.get(*pictures.SOURCES) and call.get("sources", "srcs"):
        call = Call(
            call.name,
            call.page,
            named={**call.named, "src": call.get("sources", "srcs")},
            inner=call.inner,
            is_alone=call.is_alone,
        )
    return pictures.figure(call)


def _dropped(_call: Call) -> Shown:
    return Shown(inner=Inner.DROPPED)


def _named(shown: Show, names: str) -> dict[str, Show]:
    return dict.fromkeys(names.split(), shown)


OWN_HTML: Mapping[str, Show] = {
    **dict.fromkeys((*LAYOUT, "font"), _layout),
    "details": _details,
    "summary": _dropped,
}
# Names are compared in small letters, without hyphens, underscores and dots.
OWN: Mapping[str, Show] = {
    **_named(
        _group,
        "fragment browseronly clientonly suspense translate frame zoom mediumzoom imagezoom "
        "template script-setup tabpanels prose bleed highlight text",
    ),
    **_named(_aside, "aside infobox"),
    **_named(_tab, "tab tabitem tabsitem tabstab tabpanel codetab codegroupitem"),
    **_named(_link, "link navlink anchorlink externallink routerlink nuxtlink linkbutton a"),
    **_named(_code, "codeblock"),
    **_named(
        _picture,
        "image img picture themedimage idealimage zoomimage zoomableimage screenshot nextimage "
        "staticimage blogimage optimizedimage",
    ),
    **_named(PLACES["youtube"], "liteyoutubeembed liteyoutube youtubevideo youtubeplayer"),
    **_named(PLACES["vimeo"], "vimeoembed vimeovideo"),
    **_named(PLACES["video"], "videoplayer reactplayer player"),
    **_named(PLACES["x"], "tweetembed xpost xembed twittertweetembed"),
    **_named(PLACES["bluesky"], "blueskyembed blueskypost"),
    **_named(PLACES["iframe"], "embed linkpreview ogcard webembed"),
    **_named(
        phrases.site_only,
        "head seo tocinline doccardlist blogpostlist comment disqus giscuscomments script style "
        "analytics progressbar backtotop breadcrumbs pagination confetti socialshare teammembers",
    ),
}
