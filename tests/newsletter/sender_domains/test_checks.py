"""What receivers would hold against a domain's mail, asked of a name server over a socket."""

import pytest

from newsletter.sender_domains import Dns, Sending, check_domain
from tests.doubles.dns_server import NameServer, Zone
from tests.newsletter.sender_domains.records import DOMAIN, dkim, public, zone

OURS = Sending(DOMAIN, DOMAIN, ((DOMAIN, "news", public()),))
SENDGRIDS = Sending(DOMAIN, "", ((DOMAIN, "s1", b""), (DOMAIN, "s2", b"")))


def found(records: Zone, sending: Sending = OURS) -> list[str]:
    with NameServer(records) as server:
        return [one.code for one in check_domain(sending, Dns(["127.0.0.1"], server.port))]


def test_a_domain_with_all_records_is_fine() -> None:
    """# DL-1"""
    assert found(zone()) == ["domain-fine"]


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"spf": []}, "spf-missing"),
        ({"spf": ["google-site-verification=x"]}, "spf-missing"),
        ({"spf": ["v=spf1 +all"]}, "spf-broken"),
        ({"spf": ["v=spf1 mx -all", "v=spf1 a -all"]}, "spf-broken"),
        ({"spf": ["v=spf1 include:gone.org -all"]}, "spf-broken"),
        ({"spf": ["v=spf1 " + "exists:%{i}.x.org " * 11 + "-all"]}, "spf-broken"),
        ({"spf": [f"v=spf1 include:{DOMAIN} -all"]}, "spf-broken"),
        ({"dkim": []}, "dkim-missing"),
        ({"dkim": ["v=DKIM1; p="]}, "dkim-broken"),
        ({"dkim": ["v=DKIM1; p=none of them"]}, "dkim-broken"),
        ({"dkim": [dkim(public(2048), "rsa")]}, "dkim-broken"),
        ({"dmarc": []}, "dmarc-missing"),
        ({"dmarc": ["v=DMARC1; p=perhaps"]}, "dmarc-missing"),
        ({"mx": []}, "domain-deaf"),
        ({"mx": ["0 ."]}, "domain-deaf"),
    ],
)
def test_what_is_missing_or_wrong_is_named(spoiled: dict[str, list[str]], code: str) -> None:
    """# DL-1"""
    assert found(zone(**spoiled)) == [code]


def test_ten_lookups_are_read() -> None:
    asks = " ".join(f"include:i{number}.org" for number in range(10))
    included = {f"TXT i{number}.org": ["v=spf1 ip4:192.0.2.1 ~all"] for number in range(10)}
    assert found(zone(spf=[f"v=spf1 {asks} -all"]) | included) == ["domain-fine"]


@pytest.mark.parametrize(("bits", "codes"), [(1024, ["dkim-short"]), (2048, ["domain-fine"])])
def test_a_key_of_a_provider_may_be_any_that_is_long_enough(bits: int, codes: list[str]) -> None:
    """# DL-1"""
    records = zone() | {f"TXT s2._domainkey.{DOMAIN}": [dkim(public(bits), "rsa")]}
    assert found(records, SENDGRIDS) == codes


def test_a_provider_without_its_keys_is_named() -> None:
    assert found(zone(spf=[]), SENDGRIDS) == ["dkim-missing"]


def test_the_policy_of_a_domain_above_counts() -> None:
    records = zone() | {f"MX mail.{DOMAIN}": ["10 mx.ledger.org."]}
    above = Sending(f"mail.{DOMAIN}", DOMAIN, OURS.signers)
    assert found(records, above) == ["domain-fine"]


def test_a_server_that_refuses_leaves_it_unknown() -> None:
    assert found(zone() | {f"!{DOMAIN}": []}) == ["dns-away"]


def test_a_domain_that_nobody_has_is_not_looked_up() -> None:
    with NameServer({}) as server:
        dns = Dns(["127.0.0.1"], server.port)
        assert list(check_domain(Sending("ledger.example", "ledger.example"), dns)) == []
    assert server.asked == []
