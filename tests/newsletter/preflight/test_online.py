"""Links asked for, over real connections, to a server on this machine.

Names lead to it through the resolver that is passed down, and only the addresses that a test
names may be reached.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest

from newsletter.fetch import Answer, IPAddress, Network, ask, is_public
from newsletter.findings import Finding
from newsletter.preflight.online import check_online, judged
from newsletter.preflight.rounds import Manners
from newsletter.preflight.written import Piece
from tests.doubles.web_pages import Pages, web_pages
from tests.newsletter.preflight.planting import checked

BRISK = Manners(gap=0.0, deadline=20.0)


@pytest.fixture
def web() -> Iterator[Pages]:
    with web_pages() as pages:
        yield pages


def here(host: str, _port: int) -> Sequence[str]:
    """Resolve every name to this machine, but for some that do not exist or lead elsewhere."""
    if host.startswith("gone"):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    if host.startswith("slow"):
        raise socket.gaierror(socket.EAI_AGAIN, "ask again")
    if host.startswith("inside"):
        return ["10.0.0.7"]
    if host.startswith("next"):
        return ["127.0.0.2"]
    if host.startswith("both"):
        return ["127.0.0.1", "10.0.0.7"]
    return ["127.0.0.1"]


def is_loopback(address: IPAddress) -> bool:
    return address.is_loopback


NETWORK = Network(resolve=here, may_reach=is_loopback, timeout=20.0)


def look(
    folder: Path,
    *urls: str,
    network: Network = NETWORK,
    manners: Manners = BRISK,
    memory: Path | None = None,
) -> list[Finding]:
    body = "\n".join(f"- [page]({url})" for url in urls)
    subject = checked(folder, body, site_url="", privacy_url="")
    return list(check_online(subject, network=network, manners=manners, memory=memory))


def one(folder: Path, url: str) -> str:
    """Return the code of the one finding about this link, or nothing."""
    return next((finding.code for finding in look(folder, url)), "")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (200, ""), (204, ""), (404, "link-dead"), (410, "link-dead"), (401, "link-unchecked"),
        (403, "link-unchecked"), (405, "link-unchecked"), (429, "link-unchecked"),
        (500, "link-unchecked"), (503, "link-unchecked"), (304, "link-unchecked"),
    ],
)  # fmt: skip
def test_only_what_is_surely_gone_is_dead(
    tmp_path: Path, web: Pages, status: int, code: str
) -> None:
    web.pages["/page"] = status
    assert one(tmp_path, web.url("a.example", "/page")) == code


def test_a_dead_link_is_told_with_its_place_and_what_was_answered(
    tmp_path: Path, web: Pages
) -> None:
    web.pages["/there"] = 200
    there, gone = web.url("a.example", "/there"), web.url("a.example", "/gone")
    (finding,) = look(tmp_path, there, gone)
    assert finding.message == f"The link {gone} is dead: 404 Not Found."
    assert finding.line == 8


def test_a_name_that_does_not_exist_is_dead_and_one_that_cannot_be_looked_up_is_not(
    tmp_path: Path, web: Pages
) -> None:
    assert one(tmp_path, web.url("gone.example", "/")) == "link-dead"
    assert one(tmp_path, web.url("slow.example", "/")) == "link-unchecked"


def test_head_is_tried_first_and_get_where_it_is_denied(tmp_path: Path, web: Pages) -> None:
    def no_head(request: BaseHTTPRequestHandler) -> None:
        request.send_response(405 if request.command == "HEAD" else 200)
        request.end_headers()

    web.pages |= {"/": 200, "/picky": no_head, "/busy": 429}
    paths = ("/", "/picky", "/busy")
    assert len(look(tmp_path, *(web.url("a.example", path) for path in paths))) == 1
    assert [web.methods(path) for path in paths] == [["HEAD"], ["HEAD", "GET"], ["HEAD"]]


def test_whoever_is_asked_learns_who_asks(tmp_path: Path, web: Pages) -> None:
    web.pages["/"] = 200
    look(tmp_path, web.url("a.example", "/"))
    assert web.asked[0].agent.startswith("Broadsheet ")
    assert "newsletter check" in web.asked[0].agent


def test_each_address_is_asked_once_whatever_its_fragment(tmp_path: Path, web: Pages) -> None:
    web.pages["/"] = 200
    page = web.url("a.example", "/")
    assert look(tmp_path, page, f"{page}#tides", f"{page}#moths") == []
    assert len(web.asked) == 1


def test_letters_of_every_script_are_asked_for_as_browsers_do(tmp_path: Path, web: Pages) -> None:
    web.pages["/gr%C3%BC%C3%9Fe?q=%C3%A4%26b"] = 200
    assert look(tmp_path, web.url("grüße.example", "/grüße?q=ä%26b")) == []
    assert web.asked[0].host == f"xn--gre-6ka8l.example:{web.port}"


# RULES S-16


def test_a_redirect_is_followed_three_times_and_no_more(tmp_path: Path, web: Pages) -> None:
    """S-16"""
    web.pages |= {"/1": "/2", "/2": "/3", "/3": "/4", "/4": 200, "/0": "/1"}
    assert one(tmp_path, web.url("a.example", "/1")) == ""
    (finding,) = look(tmp_path, web.url("a.example", "/0"))
    assert finding.message.endswith("it redirects more than 3 times.")


def test_a_redirect_to_a_page_that_is_gone_is_dead(tmp_path: Path, web: Pages) -> None:
    web.pages["/old"] = "/new"
    assert one(tmp_path, web.url("a.example", "/old")) == "link-dead"


@pytest.mark.parametrize("host", ["inside.example", "both.example"])
def test_a_name_with_any_private_address_is_not_asked(
    tmp_path: Path, web: Pages, host: str
) -> None:
    """S-16"""
    (finding,) = look(tmp_path, web.url(host, "/"))
    assert finding.code == "link-unchecked"
    assert finding.message.endswith("its host has a private address.")
    assert web.asked == []


def test_a_redirect_is_judged_anew(tmp_path: Path, web: Pages) -> None:
    """S-16"""
    web.pages |= {"/in": web.url("inside.example", "/secret"), "/file": "file:///etc/passwd"}
    (first,) = look(tmp_path, web.url("a.example", "/in"))
    assert first.message.endswith("its host has a private address.")
    assert one(tmp_path, web.url("a.example", "/file")) == "link-unchecked"
    assert "/secret" not in [asked.path for asked in web.asked]


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind(
    tmp_path: Path, web: Pages
) -> None:
    """S-16"""
    answers = [["127.0.0.1"], ["10.0.0.7"]]
    asked: list[str] = []

    def fickle(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    web.pages["/"] = 200
    network = Network(resolve=fickle, may_reach=is_loopback, timeout=20.0)
    assert look(tmp_path, web.url("a.example", "/"), network=network) == []
    assert asked == ["a.example"]


def test_the_address_that_was_judged_is_the_one_that_is_asked(tmp_path: Path, web: Pages) -> None:
    """S-16"""
    web.pages["/"] = 200
    assert one(tmp_path, web.url("next.example", "/")) == "link-unchecked"
    assert web.asked == []


def test_nothing_of_this_machine_is_reached_unless_a_caller_says_so(
    tmp_path: Path, web: Pages
) -> None:
    """S-16"""
    (finding,) = look(tmp_path, web.url("a.example", "/"), network=Network(resolve=here))
    assert finding.message.endswith("its host has a private address.")
    assert web.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_internet_are_known(address: str) -> None:
    """S-16"""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet_may_be_reached(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


# How politely


def test_a_host_is_asked_one_at_a_time_with_a_gap_also_by_redirects(
    tmp_path: Path, web: Pages
) -> None:
    def sluggish(request: BaseHTTPRequestHandler) -> None:
        threading.Event().wait(0.05)
        request.send_response(200)
        request.end_headers()

    web.pages |= {f"/{number}": sluggish for number in range(4)}
    web.pages["/away"] = web.url("a.example", "/0")
    urls = [web.url("a.example", f"/{number}") for number in range(4)]
    others = [web.url(f"{name}.example", "/away") for name in "bcd"]
    manners = Manners(gap=0.1, deadline=20.0)
    assert look(tmp_path, *urls, *others, manners=manners) == []
    times = [(ask.came, ask.left) for ask in web.asked if ask.host.startswith("a.")]
    assert len(times) == 7
    assert all(later[0] - earlier[1] >= 0.09 for earlier, later in pairwise(sorted(times)))


def test_no_more_links_are_asked_than_is_polite_and_the_rest_is_told(
    tmp_path: Path, web: Pages
) -> None:
    web.pages |= {f"/{number}": 200 for number in range(5)}
    urls = [web.url("a.example", f"/{number}") for number in range(5)]
    (finding,) = look(tmp_path, *urls, manners=Manners(gap=0.0, most=3))
    assert (finding.code, finding.line) == ("link-unchecked", None)
    assert finding.message.startswith("2 links were not asked for")
    assert len(web.asked) == 3


def test_a_server_that_never_ends_its_answer_ends_no_check(tmp_path: Path, web: Pages) -> None:
    over = threading.Event()

    def drip(request: BaseHTTPRequestHandler) -> None:
        while not over.wait(0.05):
            request.wfile.write(b"X")
            request.wfile.flush()

    web.pages |= {"/drip": drip, "/": 200}
    began = time.monotonic()
    urls = (web.url("a.example", "/drip"), web.url("b.example", "/"))
    (finding,) = look(tmp_path, *urls, manners=Manners(gap=0.0, deadline=1.0))
    over.set()
    assert time.monotonic() - began < 30
    assert finding.message.startswith("1 links were not asked for: there was time for 1.")


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200\r\n" + b"X: y\r\n" * 500, b"\xff\x00"]
)
def test_an_answer_that_is_none_is_no_defect_of_ours(
    tmp_path: Path, web: Pages, answer: bytes
) -> None:
    def odd(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(answer)
        request.close_connection = True

    web.pages["/"] = odd
    assert one(tmp_path, web.url("a.example", "/")) == "link-unchecked"


def test_a_server_that_does_not_speak_tls_is_told_as_that(web: Pages) -> None:
    url = web.url("a.example", "/").replace("http:", "https:")
    answer = ask(url, NETWORK, lambda _host: nullcontext())
    assert answer.why.startswith("its certificate is not good")


def test_what_answered_is_not_asked_again_and_what_did_not_is(tmp_path: Path, web: Pages) -> None:
    memory = tmp_path / "cache" / "links.json"
    web.pages["/"] = 200
    urls = (web.url("a.example", "/"), web.url("a.example", "/gone"))
    for _ in range(3):
        assert [one.code for one in look(tmp_path, *urls, memory=memory)] == ["link-dead"]
    assert web.methods("/") == ["HEAD"]
    assert web.methods("/gone") == ["HEAD", "GET"] * 3


def test_a_machine_that_is_not_online_is_told_so_once(tmp_path: Path) -> None:
    urls = {url: Piece(url, None) for url in (f"https://{name}.example/" for name in "abc")}
    away = dict.fromkeys(urls, Answer(why="its host could not be looked up"))
    (finding,) = judged(checked(tmp_path), urls, away)
    assert finding.message == "None of 3 hosts could be reached."
