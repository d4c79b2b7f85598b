"""Every code of the register is raised by a defect planted for it, and by nothing in a sound post."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter import events
from newsletter.app import build
from newsletter.declared import DkimKey
from newsletter.doctor import FIXED_EMAIL, examine
from newsletter.fetch import Answer
from newsletter.findings import KINDS, Finding
from newsletter.preflight.letters import judged as judged_letter
from newsletter.preflight.masthead import check_counting, check_way_out, hard_to_read
from newsletter.preflight.online import judged as judged_online
from newsletter.preflight.spam import Score, check_spam
from newsletter.preflight.spam import judged as judged_spam
from newsletter.preflight.written import Piece
from newsletter.sender_domains import Dns, check_received
from subscribers.database import now
from subscribers.store import add_list
from tests.doubles.dns_server import NameServer
from tests.newsletter.house import settings_for
from tests.newsletter.preflight.planting import SITE, SOUND, checked, codes, found, found_as
from tests.newsletter.render.pictures.drawn import SVG, animation, encoded, noise
from tests.newsletter.roundup.site import gathered
from tests.newsletter.sender_domains.records import DOMAIN, PEM, dkim, public, zone

Plant = Callable[[Path], Iterable[Finding]]
A_PICTURE = "![A harbour at low tide](low.png)"
SIGNED = (
    b"DKIM-Signature: d=ledger.org; h=list-unsubscribe:list-unsubscribe-post\n"
    b"From: editors@ledger.org\n\n"
)
LONG = "\n\n".join(["Words without an end. " * 40] * 130)
STORY = "## Tides\n\nWords.[^1]\n\n[^1]: "


def post(body: str, front: str = SOUND, **more: Any) -> Plant:
    return lambda folder: found(folder, body, front=front, **more)


def post_as(body: str, front: str = SOUND, **options: Any) -> Plant:
    return lambda folder: found_as(folder, body, front=front, **options)


def with_picture(body: str, data: bytes = b"", size: tuple[int, int] = (600, 300)) -> Plant:
    def plant(folder: Path) -> list[Finding]:
        if data:
            (folder / "low.png").write_bytes(data)
        else:
            Image.new("L", size, "#224466").save(folder / "low.png")
        return found(folder, body)

    return plant


def outside(folder: Path) -> list[Finding]:
    Image.new("RGB", (60, 30)).save(folder / "low.png")
    (folder / "post").mkdir()
    return found(folder / "post", "![A harbour at low tide](../low.png)")


def link_to_a_neighbour(folder: Path) -> list[Finding]:
    neighbour = folder / "content" / "blog" / "moths.md"
    neighbour.parent.mkdir(parents=True)
    neighbour.write_text("---\ntitle: Moths\n---\n\nWords.\n", encoding="utf-8")
    return found(folder, "[moths](../moths.md)", site=SITE)


def another_script(folder: Path) -> list[Finding]:
    config = 'SITEURL = "https://ledger.example"\n'
    (folder / "pelicanconf.py").write_text(config, encoding="utf-8")
    return found(folder, "Words.", front=SOUND.replace("The month in tides", "Прилив"))


def hook(folder: Path) -> list[Finding]:
    template = folder / "layouts" / "_default" / "_markup" / "render-link.html"
    template.parent.mkdir(parents=True)
    template.write_text('<a href="{{ partial "out" .Destination }}">x</a>', encoding="utf-8")
    return found(folder, "[tides](https://tides.example/)", site=SITE)


def broken_site(folder: Path) -> list[Finding]:
    return found(folder, site="baseURL = ")


def doctor(*, python: tuple[int, int, int] = FIXED_EMAIL, **settings: Any) -> Plant:
    def plant(folder: Path) -> list[Finding]:
        app = build(settings_for(f"sqlite:///{folder / 'news.db'}", folder, **settings))
        with closing(app.database):
            return list(examine(app, python=python))

    return plant


def sending(*, refused: bool = False, own: bool = True, **spoiled: list[str]) -> Plant:
    """A list of DOMAIN that goes out by a mail server, with our own key or with SendGrid."""

    def plant(folder: Path) -> list[Finding]:
        (folder / "news.pem").write_bytes(PEM)
        keys = {DOMAIN: DkimKey(selector="news", key=folder / "news.pem")}
        how = {"provider": "smtp", "dkim": keys} if own else {"provider": "sendgrid"}
        app = build(settings_for(f"sqlite:///{folder / 'news.db'}", folder, **how))
        records = zone(**spoiled) | ({f"!{DOMAIN}": []} if refused else {})
        records[f"TXT s1._domainkey.{DOMAIN}"] = spoiled.get("dkim", [])
        with closing(app.database):
            with app.database.begin() as session:
                add_list(
                    session,
                    slug="tides",
                    name="Tides",
                    sender_name="Tides",
                    sender_address=f"editors@{DOMAIN}",
                    now=now(),
                )
            with NameServer(records) as server:
                return list(examine(app, dns=Dns(["127.0.0.1"], server.port)))

    return plant


def posted(body: bytes) -> Plant:
    def examined(folder: Path) -> list[Finding]:
        app = build(settings_for(f"sqlite:///{folder / 'news.db'}", folder))
        with closing(app.database):
            with app.database.begin() as session:
                events.keep(session, "sendgrid", body, now=now())
            events.catch_up(app.database, app.links, now=now())
            return list(examine(app))

    return examined


def whole_inbox(folder: Path) -> Iterable[Finding]:
    for part in ("new", "cur"):
        (folder / "mail" / part).mkdir(parents=True)
    return doctor(inbox_url=f"maildir://{folder}/mail")(folder)


def broken_template(folder: Path) -> Iterable[Finding]:
    own = folder / "own"
    own.mkdir()
    (own / "confirm.txt").write_text("{{ nobody }}", encoding="utf-8")
    return doctor(templates_dir=own)(folder)


def whole_templates(folder: Path) -> Iterable[Finding]:
    own = folder / "own"
    own.mkdir()
    return doctor(templates_dir=own)(folder)


def left_to_the_site(name: str, size: tuple[int, int]) -> Plant:
    """A picture of a site whose pictures are not rewritten."""

    def plant(folder: Path) -> list[Finding]:
        bundle = folder / "content" / "blog" / "tides"
        bundle.mkdir(parents=True)
        noise(*size).save(bundle / name)
        return found_as(folder, f"![A harbour at low tide]({name})", site=SITE, images="site")

    return plant


def embedded(pictures: int) -> Plant:
    """So many photographs, each as heavy as one may be, in the mail itself."""

    def plant(folder: Path) -> list[Finding]:
        photograph = noise(600, 400)
        names = [f"{number}.jpg" for number in range(pictures)]
        for number, name in enumerate(names):
            photograph.putpixel((number, 0), (0, 0, 0))
            (folder / name).write_bytes(encoded(photograph, "JPEG", quality=95))
        body = "\n\n".join(f"![A harbour at low tide]({name})" for name in names)
        return found_as(folder, body, images="embed")

    return plant


def in_a_roundup(name: str, front: str = SOUND, site: str = SITE) -> Plant:
    def plant(folder: Path) -> Iterable[Finding]:
        (folder / "hugo.toml").write_text(site, encoding="utf-8")
        (folder / "content").mkdir()
        post = folder / "content" / name
        post.write_text(f"---\n{front}\n---\n\nWords.\n", encoding="utf-8")
        return gathered(folder / "content").findings

    return plant


def old_python(folder: Path) -> Iterable[Finding]:
    """# H-5"""
    return doctor(python=(3, 12, 4))(folder)


def drawing(folder: Path) -> list[Finding]:
    words = f'{SVG} viewBox="0 0 60 20"><text y="15">Tide</text></svg>'
    (folder / "low.svg").write_text(words, encoding="utf-8")
    return found(folder, "![A tide](low.svg)")


def film(folder: Path) -> list[Finding]:
    two = animation("GIF", [Image.new("RGB", (600, 400), colour) for colour in ("red", "blue")])
    again = two[two.rindex(b"\x21\xf9\x04") : -1]
    (folder / "low.gif").write_bytes(two[:-1] + again * 800 + b";")
    return found(folder, "![A tide](low.gif)")


def pixel(folder: Path) -> Iterable[Finding]:
    subject = checked(folder)
    html = '<img src="https://count.example/open.gif" width="1" height="1">'
    return judged_letter(subject, "confirm", replace(subject.email, html=html))


def no_way_out(folder: Path) -> Iterable[Finding]:
    subject = checked(folder)
    return check_way_out(replace(subject, email=replace(subject.email, html="<p>Words</p>")))


def left_to_the_outbox(folder: Path) -> Iterable[Finding]:
    return check_counting(replace(checked(folder, provider_counts=True), uncounting="outbox"))


def pale(folder: Path) -> Iterable[Finding]:
    colours = {"paper": "#ffffff", "tint": "#eeeeee", "page": "#dddddd", "muted": "#aaaaaa"}
    colours |= dict.fromkeys(("ink", "text", "link"), "#000000")
    return hard_to_read(checked(folder), {"light": colours, "dark": colours})


def scored(points: float) -> Plant:
    return lambda folder: judged_spam(checked(folder), Score(points, ("SUBJ_ALL_CAPS",)))


def silent_program(folder: Path) -> Iterable[Finding]:
    return check_spam(checked(folder), b"Subject: x\r\n\r\n", Path("/bin/true"))


def answered(status: int) -> Plant:
    url = "https://gone.example/page"
    return lambda folder: judged_online(
        checked(folder), {url: Piece(url, 5)}, {url: Answer(status)}
    )


def beside(text: str, body: str = "Words.") -> Plant:
    def plant(folder: Path) -> list[Finding]:
        (folder / "index.txt").write_text(text, encoding="utf-8")
        return found(folder, body)

    return plant


PLANTS: dict[str, Plant] = {
    "merge-field-bare": post("Dear {name},", f"{SOUND}\nnewsletter:\n  merge_fields: true"),
    "merge-field-unknown": post(
        "Dear {nickname|you},", f"{SOUND}\nnewsletter:\n  merge_fields: true"
    ),
    "text-wide": beside("Words, " * 12),
    "text-link-missing": beside("Words.", "[Words](https://tides.example/)."),
    # The post
    "draft": post("Words.", SOUND + "\ndraft: true"),
    "date-in-future": post("Words.", SOUND.replace("2026-11-05", "2027-11-05")),
    "expired": post("Words.", SOUND + "\nexpiryDate: 2026-11-20"),
    "date-unread": post("Words.", SOUND.replace("2026-11-05", "soon")),
    "not-published": post("Words.", SOUND + "\nbuild:\n  render: never", site=SITE),
    "options-unread": post("Words.", SOUND + "\nnewsletter: yes please"),
    "site-unread": broken_site,
    "address-unknown": another_script,
    "shortcode": post("{{< carousel >}}", site=SITE),
    "computed": post_as("Words.\n\n```{r}\nsummary(tides)\n```", name="index.qmd"),
    "citation": post_as(
        "Tides are old [@darwin1898].", f"{SOUND}\nbibliography: x.bib", name="index.qmd"
    ),
    "site-only": post_as("[[toc]]\n\nWords.", dialect="vitepress"),
    "embed": post('<iframe src="https://player.example/7" title="Low tide"></iframe>'),
    "script": post("Words.\n\n<script>document.write(tides)</script>"),
    "machinery": post("The month in <%= site.title %>."),
    "merge-field": post("Dear {first_name}, the tides."),
    "tag-unsupported": post("<form><input name='q'></form>"),
    "style-unsupported": post('<div style="position: absolute">Words</div>'),
    # Sources
    "sources-by-position": post("## Tides\n\nWords.\n\n[^1]: [Tides](https://tides.example/)"),
    "sources-matched": post(STORY + "[Tides](https://tides.example/)"),
    "sources-unassigned": post("## A\n\nB.\n\n## C\n\nD.\n\n[^1]: [Tides](https://tides.example/)"),
    "source-odd": post(STORY + "[Alpine meadows](https://quarry.example/)"),
    "note-missing": post("Words.[^9]"),
    "note-twice": post(STORY + "[A](https://a.example/)\n\n[^1]: [B](https://b.example/)"),
    # Links
    "link-undefined": post("Read [the table][tides] of the month."),
    "link-relative": post("[more](/more/)"),
    "link-to-file": link_to_a_neighbour,
    "link-malformed": post("[more](htps://tides.example/)"),
    "render-hook": hook,
    "link-local": post("[more](http://localhost:1313/more/)"),
    "link-preview": post("[more](https://deploy-preview-7--tides.netlify.app/)"),
    "link-dead": answered(404),
    "link-unchecked": answered(503),
    # Pictures
    "picture-missing": post(A_PICTURE),
    "picture-outside": outside,
    "picture-refused": post("![A dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)"),
    "picture-unreadable": with_picture(A_PICTURE, b"no picture at all"),
    "picture-huge": with_picture(A_PICTURE, size=(6000, 5000)),
    "picture-svg": post("![A chart](https://pictures.example/tides.svg)"),
    "picture-drawn": drawing,
    "picture-still": film,
    "picture-format": left_to_the_site("low.webp", (60, 40)),
    "picture-heavy": left_to_the_site("low.png", (900, 900)),
    "pictures-heavy": embedded(7),
    "pictures-too-heavy": embedded(45),
    "picture-twice": with_picture(f"{A_PICTURE}\n\nWords.\n\n{A_PICTURE}"),
    "no-alt": with_picture("![](low.png)"),
    # Subject and preheader
    "subject-long": post("Words.", SOUND.replace("The month", "The very long month " * 4)),
    "subject-shouts": post("Words.", SOUND.replace("The month in tides", "THE MONTH IN TIDES")),
    "subject-reply": post(
        "Words.", SOUND.replace("The month", "'Re: the month").replace("s\nd", "s'\nd")
    ),
    "no-description": post("Words.", "title: The month in tides"),
    "preheader-repeats": post("Words.", "title: Tides\ndescription: Tides!"),
    # The mail
    "layout-unknown": post("Words.", SOUND + "\nnewsletter:\n  layout: broadside"),
    "story-shortened": post_as(LONG, site=SITE, fit=True),
    "fit-nowhere": post_as(LONG, fit=True),
    "clipped": post(LONG),
    "nearly-clipped": post("\n\n".join(["Words without an end. " * 40] * 92)),
    "spam": scored(5.0),
    "nearly-spam": scored(2.1),
    "spam-unchecked": silent_program,
    "no-unsubscribe": no_way_out,
    # The list
    "no-postal-address": post("Words.", postal_address=" "),
    "no-privacy-notice": post("Words.", privacy_url=""),
    "provider-counts-nothing": left_to_the_outbox,
    "accent-faint": post("Words.", accent="#ffee00"),
    "contrast-low": pale,
    "letter-tracked": pixel,
    # A roundup
    "roundup-unread": in_a_roundup("tides.md", "title: a: b"),
    "roundup-no-address": in_a_roundup("tides.md", site=""),
    "roundup-left-out": in_a_roundup("tides.md", SOUND + "\ndraft: true"),
    # The house
    "no-list": doctor(),
    "template-broken": broken_template,
    "templates": whole_templates,
    "provider-away": doctor(provider="smtp", smtp_url="smtp://127.0.0.1:1?starttls=never"),
    "provider-answers": doctor(),
    "inbox-away": doctor(inbox_url="maildir:///nowhere"),
    "inbox-answers": whole_inbox,
    "public-url-http": doctor(provider="smtp", smtp_url="smtp://127.0.0.1:1?starttls=never"),
    "public-url-local": doctor(),
    "no-worker": doctor(),
    "bounces-unheard": doctor(provider="smtp", smtp_url="smtp://127.0.0.1:1?starttls=never"),
    "events-unheard": sending(own=False),
    "events-unread": posted(b"{oops"),
    "events-unknown": posted(b'[{"event": "parked"}]'),
    "python-email": old_python,
    "database": doctor(),
    # The sender's domain
    "spf-missing": sending(spf=[]),
    "spf-broken": sending(spf=["v=spf1 +all"]),
    "dkim-missing": sending(dkim=[]),
    "dkim-broken": sending(dkim=["v=DKIM1; p="]),
    "dkim-short": sending(dkim=[dkim(public(1024), "rsa")], own=False),
    "dmarc-missing": sending(dmarc=[]),
    "domain-deaf": sending(mx=[]),
    "dns-away": sending(refused=True),
    "domain-fine": sending(),
    "received-unsigned": lambda _: check_received(b"From: editors@ledger.org\n\n"),
    "received-failed": lambda _: check_received(
        b"Authentication-Results: mx; dmarc=fail\nFrom: editors@ledger.org\n\n"
    ),
    "received-unread": lambda _: check_received(b"Words"),
    "received-fine": lambda _: check_received(SIGNED),
}


@pytest.mark.parametrize("code", PLANTS)
def test_a_planted_defect_is_found(code: str, tmp_path: Path) -> None:
    raised = [finding for finding in PLANTS[code](tmp_path) if finding.code == code]
    assert raised
    for finding in raised:
        assert finding.severity is KINDS[code].severity
        assert finding.message.strip()


def test_a_defect_is_planted_for_each_code_of_the_register() -> None:
    # The one behind a real pooler is in tests/races/test_pooler.py.
    assert PLANTS.keys() | {"pooler"} == KINDS.keys()


def test_a_sound_post_has_nothing_to_find(tmp_path: Path) -> None:
    body = f"{A_PICTURE}\n\n## Tides\n\nWords with [a link](https://tides.example/).\n"
    assert codes(list(with_picture(body)(tmp_path))) == []
