"""Every code of the register is raised by a defect planted for it, and by nothing in a sound post."""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.app import build
from newsletter.doctor import FIXED_EMAIL, examine
from newsletter.fetch import Answer
from newsletter.findings import KINDS, Finding
from newsletter.preflight.letters import judged as judged_letter
from newsletter.preflight.masthead import check_way_out, hard_to_read
from newsletter.preflight.online import judged as judged_online
from newsletter.preflight.spam import Score, check_spam
from newsletter.preflight.spam import judged as judged_spam
from newsletter.preflight.written import Piece
from tests.newsletter.house import settings_for
from tests.newsletter.preflight.planting import SITE, SOUND, checked, codes, found
from tests.parts import ROOT

Plant = Callable[[Path], Iterable[Finding]]
A_PICTURE = "![A harbour at low tide](low.png)"
STORY = "## Tides\n\nWords.[^1]\n\n[^1]: "


def post(body: str, front: str = SOUND, **more: Any) -> Plant:
    return lambda folder: found(folder, body, front=front, **more)


def with_picture(body: str, data: bytes = b"", size: tuple[int, int] = (600, 300)) -> Plant:
    def plant(folder: Path) -> list[Finding]:
        if data:
            (folder / "low.png").write_bytes(data)
        else:
            Image.new("RGB", size, "#224466").save(folder / "low.png")
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


def doctor(**settings: Any) -> Plant:
    def plant(folder: Path) -> list[Finding]:
        app = build(settings_for(f"sqlite:///{folder / 'news.db'}", folder, **settings))
        try:
            return list(examine(app))
        finally:
            app.database.close()

    return plant


def broken_template(folder: Path) -> Iterable[Finding]:
    own = folder / "own"
    own.mkdir()
    (own / "confirm.txt").write_text("{{ nobody }}", encoding="utf-8")
    return doctor(templates_dir=own)(folder)


def whole_templates(folder: Path) -> Iterable[Finding]:
    own = folder / "own"
    own.mkdir()
    return doctor(templates_dir=own)(folder)


def old_python(folder: Path) -> Iterable[Finding]:
    if sys.version_info >= FIXED_EMAIL:
        pytest.skip("this Python has the fix, so there is nothing to find")
    return doctor()(folder)


def pixel(folder: Path) -> Iterable[Finding]:
    subject = checked(folder)
    html = '<img src="https://count.example/open.gif" width="1" height="1">'
    return judged_letter(subject, "confirm", replace(subject.email, html=html))


def no_way_out(folder: Path) -> Iterable[Finding]:
    subject = checked(folder)
    return check_way_out(replace(subject, email=replace(subject.email, html="<p>Words</p>")))


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
    "text-wide": beside("Words, " * 12),
    "text-link-missing": beside("Words.", "[Words](https://tides.example/)."),
    # The post
    "draft": post("Words.", SOUND + "\ndraft: true"),
    "date-in-future": post("Words.", SOUND.replace("2026-11-05", "2027-11-05")),
    "expired": post("Words.", SOUND + "\nexpiryDate: 2026-11-20"),
    "date-unread": post("Words.", SOUND.replace("2026-11-05", "soon")),
    "options-unread": post("Words.", SOUND + "\nnewsletter: yes please"),
    "site-unread": broken_site,
    "address-unknown": another_script,
    "shortcode": post("{{< carousel >}}", site=SITE),
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
    "clipped": post("\n\n".join(["Words without an end. " * 40] * 130)),
    "nearly-clipped": post("\n\n".join(["Words without an end. " * 40] * 92)),
    "spam": scored(5.0),
    "nearly-spam": scored(2.1),
    "spam-unchecked": silent_program,
    "no-unsubscribe": no_way_out,
    # The list
    "no-postal-address": post("Words.", postal_address=" "),
    "no-privacy-notice": post("Words.", privacy_url=""),
    "accent-faint": post("Words.", accent="#ffee00"),
    "contrast-low": pale,
    "letter-tracked": pixel,
    # The house
    "no-list": doctor(),
    "template-broken": broken_template,
    "templates": whole_templates,
    "provider-away": doctor(provider="smtp", smtp_url="smtp://127.0.0.1:1?starttls=never"),
    "provider-answers": doctor(),
    "public-url-http": doctor(provider="smtp", smtp_url="smtp://127.0.0.1:1?starttls=never"),
    "public-url-local": doctor(),
    "no-worker": doctor(),
    "python-email": old_python,
    "database": doctor(),
}


@pytest.mark.parametrize("code", PLANTS)
def test_a_planted_defect_is_found(code: str, tmp_path: Path) -> None:
    raised = [finding for finding in PLANTS[code](tmp_path) if finding.code == code]
    assert raised
    for finding in raised:
        assert finding.severity is KINDS[code].severity
        assert finding.message.strip()


def test_each_code_is_planted_here_or_in_the_tests_of_the_part_that_raises_it() -> None:
    others = (file for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__))
    named = {
        code
        for file in others
        for code in re.findall(r'"([a-z]+(?:-[a-z]+)*)"', file.read_text(encoding="utf-8"))
    }
    assert set(PLANTS) <= set(KINDS)
    assert set(KINDS) - set(PLANTS) - named == set(), "plant a defect that raises it"


def test_a_sound_post_has_nothing_to_find(tmp_path: Path) -> None:
    body = f"{A_PICTURE}\n\n## Tides\n\nWords with [a link](https://tides.example/).\n"
    assert codes(list(with_picture(body)(tmp_path))) == []
