"""The names that many sites and themes give to their tags, and what each shows."""

from collections.abc import Mapping
from types import MappingProxyType

from newsletter.digest.containers import KINDS
from newsletter.digest.dialects.shortcodes import boxes, code_blocks, phrases, pictures
from newsletter.digest.dialects.shortcodes.call import Call, Show, Shown
from newsletter.digest.dialects.shortcodes.places import PLACES
from newsletter.digest.dialects.shortcodes.templates import Fill, Template, expanded


def _named(show: Show, names: str) -> dict[str, Show]:
    return dict.fromkeys(names.split(), show)


# Names are compared in small letters, without hyphens and underscores.
KNOWN: Mapping[str, Show] = MappingProxyType(
    {
        **_named(boxes.admonition, " ".join(KINDS).replace("-", "")),
        **_named(boxes.admonition, "notice admonition callout hint alert blockalert banner"),
        **_named(
            boxes.fold, "details expand expander collapse collapsible accordion accordionitem"
        ),
        **_named(boxes.fold, "spoiler toggle fold foldable"),
        **_named(boxes.tab, "tab tabitem tabpanel"),
        **_named(boxes.group, "tabs tabpane tabgroup tabbed codegroup codetabs columns column col"),
        **_named(boxes.group, "row grid cards cardgrid cardpane cardgroup cardcolumns steps step"),
        **_named(
            boxes.group, "timeline timelineitem section container wrapper div box block panel"
        ),
        **_named(boxes.group, "center centre left right lead pageinfo filetree features feature"),
        **_named(boxes.card, "card carditem featurecard linkcard"),
        **_named(boxes.quotation, "blockquote quote quotation pullquote cite epigraph"),
        **_named(code_blocks.code_block, "highlight code codeblock source listing snippet"),
        **_named(code_blocks.diagram("mermaid"), "mermaid"),
        **_named(code_blocks.diagram("plantuml"), "plantuml uml"),
        **_named(code_blocks.diagram("dot"), "graphviz dot"),
        **_named(code_blocks.diagram("text"), "goat ascii asciiart diagram"),
        **_named(code_blocks.formula, "math katex latex tex mathjax equation inlinemath"),
        **_named(code_blocks.raw, "raw rawhtml html unsafe unsafehtml safehtml"),
        **_named(phrases.button, "button btn buttonlink linkbutton cta link href externallink"),
        **_named(phrases.label, "badge label featurelabel tag pill chip status"),
        **_named(phrases.key, "kbd key keys"),
        **_named(phrases.around("<mark>", "</mark>"), "mark marker hl"),
        **_named(phrases.around("<sub>", "</sub>"), "sub"),
        **_named(phrases.around("<sup>", "</sup>"), "sup"),
        **_named(phrases.around("<del>", "</del>"), "del strike"),
        **_named(phrases.around("*", "*"), "em italic"),
        **_named(phrases.around("**", "**"), "strong bold"),
        **_named(phrases.always("<br>"), "br linebreak newline"),
        **_named(phrases.always("&nbsp;"), "nbsp"),
        **_named(phrases.nothing, "icon fa fas fab faicon fontawesome svg anchor clear clearfix"),
        **_named(phrases.nothing, "comment space spacer vspace"),
        **_named(phrases.inner, "small color colour font markdown md markdownify text span abbr"),
        **_named(phrases.inner, "align rtl ltr nowrap typeit ruby swatch"),
        **_named(phrases.scanned, "qr qrcode"),
        **_named(
            phrases.site_only, "toc tableofcontents contents newsletter signup subscribe form"
        ),
        **_named(phrases.site_only, "contactform mailchimp buttondown convertkit comments disqus"),
        **_named(phrases.site_only, "utterances giscus search script css style loadphotoswipe ad"),
        **_named(phrases.site_only, "ads adsense share sharebuttons"),
        **_named(pictures.figure, "figure fig img image imgproc picture pic photo imageproc"),
        **_named(pictures.figure, "figurewithcaption responsiveimage resizeimage bundleimage"),
        **_named(pictures.gallery, "gallery galleries imgs images album carousel slider photos"),
        **PLACES,
        **_named(PLACES["youtube"], "yt youtubelite youtubeprivacy youtubeenhanced youtubeembed"),
        **_named(PLACES["vimeo"], "vimeosimple"),
        **_named(PLACES["x"], "tweet twitter xsimple twittersimple"),
        **_named(PLACES["mastodon"], "toot"),
        **_named(PLACES["video"], "videolocal mp4 html5video"),
        **_named(PLACES["audio"], "mp3 podcast"),
    }
)


def known(name: str) -> Show | None:
    """Return what shows the tag of a name, None for one that only its own site knows."""
    plain = name.lower().replace("-", "").replace("_", "")
    return KNOWN.get(plain) or KNOWN.get(plain.rpartition("/")[2])


def understood(call: Call, own: Template | None, fill: Fill) -> Shown | None:
    """Return what a tag shows by the site's own template, or by a name that many sites share.

    A pair of tags with a shared name says more than its HTML; a single one is what its site makes
    of it. None for what is neither.
    """
    shared = known(call.name)
    by_name = shared(call) if shared and (call.inner is not None or own is None) else None
    if by_name is not None:
        return by_name
    by_template = expanded(own, call, fill) if own else None
    if by_template is None and shared and own and call.inner is None:
        return shared(call)
    return by_template
