"""Links judged by their addresses alone."""

from pathlib import Path

import pytest

from newsletter.preflight.hosts import is_preview, is_private, malformed
from tests.newsletter.preflight.planting import SITE, codes, found, only


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:1313/", "http://127.0.0.1/", "http://127.1.2.3:8000/", "http://[::1]/",
        "http://10.0.0.7/", "https://192.168.1.20/", "http://172.16.0.1/", "http://169.254.1.1/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://printer.local/", "http://wiki.internal/",
        "http://intranet/", "http://me.localhost/", "file:///home/me/tides.html", "http://0.0.0.0/",
        "http://LOCALHOST./", "http://100.64.0.1/", "http://127.1/", "http://0x7f.1/", "http://017700000001/",
        "http://2130706433/", "http://192.168.257/", "https://tides.test/",
    ],
)  # fmt: skip
def test_an_address_of_a_private_machine_is_known(url: str) -> None:
    assert is_private(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://ledger.example/", "https://8.8.8.8/", "https://local.example/", "mailto:a@b.example",
        "https://localhost.example/", "#part", "tel:+49301234", "https://[2606:4700::1111]/", "http://[",
        "https://8.8/", "https://tides.testing/", "https://0xff.example/",
    ],
)  # fmt: skip
def test_a_public_address_is_not_private(url: str) -> None:
    assert not is_private(url)


@pytest.mark.parametrize(
    "host",
    [
        "deploy-preview-12--tides.netlify.app", "winter--tides.netlify.app",
        "tides-git-winter-harbour.vercel.app", "tides-8x3k2p9qz-harbour.vercel.app",
        "winter.tides.pages.dev", "a1b2c3d4.tides.pages.dev", "abc123.ngrok-free.app",
        "abc123.ngrok.io", "quick-brown-fox.trycloudflare.com", "tides-pr-7.onrender.com",
        "tides--winter-ab12cd34.web.app", "me-8080.app.github.dev",
    ],
)  # fmt: skip
def test_a_preview_is_known_by_its_host(host: str) -> None:
    assert is_preview(f"https://{host}/blog/")


@pytest.mark.parametrize(
    "host",
    ["tides.netlify.app", "tides.vercel.app", "my-something.vercel.app", "our-newspaper-site.vercel.app", "tides.pages.dev",
     "ngrok.com", "netlify.com", "docs.netlify.com", "tides.github.io"],
)  # fmt: skip
def test_a_site_that_lives_at_its_host_is_no_preview(host: str) -> None:
    assert not is_preview(f"https://{host}/blog/")


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("htps://tides.example/", "htps:"),
        ("javascript:alert(1)", "javascript:"),
        ("ftp://tides.example/", "ftp:"),
        ("tides.example", "does not begin with https://"),
        ("http:///tides", "no host"),
        ("https://https://tides.example/", "twice"),
        ("https://http//tides.example/", "twice"),
        ("https://tides..example/", "no proper host"),
        ("https://tides example/", "no proper host"),
        ("https://tides.example:port/", "no address"),
        ("http://[::1", "no address"),
        ("mailto:", "names nobody"),
    ],
)
def test_a_malformed_address_is_told_what_is_wrong_with_it(url: str, wrong: str) -> None:
    assert wrong in malformed(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://tides.example/a%20b?c=d&e#f", "https://grüße.example/", "https://t_ides.example:8080/",
        "mailto:a@b.example?subject=Tides", "mailto:?to=a@b.example", "tel:+49301234", "#part",
        "https://web.archive.org/web/2020/https://tides.example/", "https://[2606:4700::1111]/",
    ],
)  # fmt: skip
def test_a_whole_address_has_nothing_wrong_with_it(url: str) -> None:
    assert malformed(url) == ""


def test_a_link_is_found_where_it_stands_first_and_told_once(tmp_path: Path) -> None:
    body = "Words\nand [one](http://localhost/)\n\n- [again](http://localhost/)\n"
    finding = only(found(tmp_path, body), "link-local")
    assert finding.line == 8
    assert "http://localhost/" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "## [Tides](http://localhost/)\n\nWords.",
        "| a | b |\n|---|---|\n| [c](http://localhost/) | d |",
        '<p>Words <a href="http://localhost/">here</a></p>',
        'Words <a href="http://localhost/">here</a>',
        "## Tides\n\nWords.[^1]\n\n[^1]: [Tides](http://localhost/)",
        "> - <http://localhost/>",
    ],
)
def test_a_link_is_found_wherever_it_is_written(tmp_path: Path, body: str) -> None:
    assert "link-local" in codes(found(tmp_path, body))


def test_one_address_is_told_once_however_its_scheme_is_written(tmp_path: Path) -> None:
    finding = only(found(tmp_path, "[a](HTTP://LOCALHOST/a)"), "link-local")
    assert finding.line == 7


def test_a_fragment_that_names_no_story_is_told(tmp_path: Path) -> None:
    body = "[a](#tides) and [b](#nowhere)\n\n## Tides {#tides}\n\nWords.\n\n## Moon\n\nWords."
    finding = only(found(tmp_path, body), "link-relative")
    assert (finding.line, "#nowhere" in finding.message) == (7, True)


def test_the_lists_own_addresses_are_links_too(tmp_path: Path) -> None:
    findings = found(tmp_path, privacy_url="http://localhost/privacy/")
    assert only(findings, "link-local").line is None


def test_an_address_without_its_scheme_is_not_taken_for_a_page_of_the_site(tmp_path: Path) -> None:
    finding = only(found(tmp_path, "[t](www.tides.example)", site=SITE), "link-malformed")
    assert "without https://" in finding.message


def test_the_sites_own_host_is_its_home_even_when_it_looks_like_a_preview(tmp_path: Path) -> None:
    site = 'baseURL = "https://a.tides.pages.dev/"\n'
    assert "link-preview" not in codes(found(tmp_path, "[t](/more/)", site=site))
    assert "link-preview" in codes(found(tmp_path, "[t](https://b.tides.pages.dev/)", site=site))
