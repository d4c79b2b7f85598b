"""The style sheet: a list's accent, readable on every ground; and pages that load nothing else."""

import re
from pathlib import Path

import pytest

from newsletter.render import colour
from newsletter.settings import Settings
from tests.newsletter.web.site import Site

ACCENTS = ["1f4fd8", "ffe600", "ffffff", "000000", "d8471f", "15181d", "default"]


def colours(sheet: str) -> list[dict[str, str]]:
    """Return the custom properties of the sheet's two schemes, light and dark."""
    blocks = re.findall(r":root \{ (--page[^}]*)\}", sheet)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]


@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_can_be_read_in_light_and_dark(site: Site, accent: str) -> None:
    """# A-1: 4.5:1 for words, 3:1 for the edge of what is pressed."""
    light, dark = colours(site.client.get(f"/style/{accent}.css").text)
    for scheme in (light, dark):
        for words in ("ink", "text", "muted", "link", "problem", "done"):
            assert colour.contrast(scheme[words], scheme["paper"]) >= 4.5
        for words in ("ink", "muted"):
            assert colour.contrast(scheme[words], scheme["page"]) >= 4.5
        assert colour.contrast(scheme["on-button"], scheme["button"]) >= 4.5
        assert colour.contrast(scheme["edge"], scheme["paper"]) >= 3
    assert light["page"] != dark["page"]


def test_a_page_wears_the_accent_of_its_list_and_a_missing_one_the_common(site: Site) -> None:
    site.edit(accent="#D8471F")
    assert 'href="/style/D8471F.css"' in site.client.get("/subscribe/ledger").text
    assert 'href="/style/default.css"' in site.client.get("/u/nothing").text
    for kind in ("css", "svg"):
        assert "#d8471f" in site.client.get(f"/style/D8471F.{kind}").text


@pytest.mark.parametrize("name", ["fff", "1f4fd8f", "}body{}", "url(x)", "..", "%00"])
def test_no_other_word_gets_into_a_sheet(site: Site, name: str) -> None:
    for kind in ("css", "svg"):
        assert site.client.get(f"/style/{name}.{kind}").status_code == 404


def test_a_sheet_is_asked_for_anew_only_when_it_changed(site: Site) -> None:
    first = site.client.get("/style/1f4fd8.css")
    assert first.headers["Content-Type"].startswith("text/css")
    held = {"If-None-Match": first.headers["ETag"]}
    again = site.client.get("/style/1f4fd8.css", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert site.client.get("/style/ffe600.css", headers=held).status_code == 200


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    """The policy of every page forbids both; a template that has one would look broken."""
    from newsletter.resources import resource

    for file in Path(resource("templates", "web")).glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text), file.name


def test_a_trusted_proxy_that_is_no_address_stops_the_start(site: Site) -> None:
    from dataclasses import replace

    from newsletter.errors import SettingsError
    from newsletter.web.app import create_app

    wrong = Settings(**site.app.settings.model_dump() | {"trusted_proxies": ("loadbalancer",)})
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        create_app(replace(site.app, settings=wrong))
