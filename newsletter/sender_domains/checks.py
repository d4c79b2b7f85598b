"""What a sender's domain has to publish before much mail of it is believed (RULES DL-1).

Gmail and Yahoo ask whoever mails many for SPF, DKIM and DMARC
(https://support.google.com/a/answer/81126, https://senders.yahooinc.com/best-practices/).
"""

from collections.abc import Iterator
from typing import NamedTuple

from newsletter.findings import Finding
from newsletter.sender_domains.dkim_record import DkimRecord, read_dkim
from newsletter.sender_domains.dmarc import dmarc_policy
from newsletter.sender_domains.dns import Dns, DnsAway, is_reserved
from newsletter.sender_domains.spf import spf_fault, spf_records

# Under these names SendGrid's domain authentication publishes its keys.
SENDGRID_SELECTORS = ("s1", "s2")


class Sending(NamedTuple):
    """How mail of a domain leaves; all names in small letters.

    `bounces` is the domain of the envelope's sender, empty where the provider has its own.
    `signers` are (domain, selector, public key) of those who may sign, the key empty where it is
    the provider's; none where a mail server signs by keys that we do not know.
    """

    domain: str
    bounces: str
    signers: tuple[tuple[str, str, bytes], ...] = ()


def check_domain(sending: Sending, dns: Dns) -> Iterator[Finding]:
    """Yield what receivers would hold against mail of a domain, or that there is nothing."""
    if is_reserved(sending.domain):
        return
    try:
        found = [*_spf(sending, dns), *_dkim(sending, dns), *_dmarc(sending, dns)]
        found += _replies(sending, dns)
    except DnsAway as error:
        yield Finding("dns-away", f"{sending.domain} was not looked up: {error}")
        return
    yield from found
    if not found:
        yield Finding("domain-fine", f"{sending.domain}: SPF, DKIM and DMARC are there")


def _spf(sending: Sending, dns: Dns) -> Iterator[Finding]:
    if not sending.bounces or is_reserved(sending.bounces):
        return
    if not spf_records(sending.bounces, dns.texts):
        yield Finding("spf-missing", f"{sending.bounces} has no SPF record")
        return
    fault = spf_fault(sending.bounces, dns.texts)
    if fault:
        yield Finding("spf-broken", f"the SPF record of {sending.bounces}: {fault}")


def _dkim(sending: Sending, dns: Dns) -> Iterator[Finding]:
    if not sending.signers:
        return
    published = [
        (f"{selector}._domainkey.{domain}", own, _key(f"{selector}._domainkey.{domain}", dns))
        for domain, selector, own in sending.signers
    ]
    there = [(name, own, record) for name, own, record in published if record is not None]
    if not there:
        named = " or ".join(name for name, *_ in published)
        yield Finding("dkim-missing", f"there is no DKIM key at {named}")
        return
    for name, own, record in there:
        if record.fault:
            yield Finding("dkim-broken", f"{name} {record.fault}")
        elif own and record.key != own:
            yield Finding("dkim-broken", f"{name} holds another key than the one that signs")
        elif record.is_short:
            yield Finding("dkim-short", f"{name} holds a key of {record.bits} bits")


def _key(name: str, dns: Dns) -> DkimRecord | None:
    records = [text for text in dns.texts(name) if "p=" in text.replace(" ", "")]
    return read_dkim(records[0]) if records else None


def _dmarc(sending: Sending, dns: Dns) -> Iterator[Finding]:
    if not dmarc_policy(sending.domain, dns.texts):
        yield Finding("dmarc-missing", f"there is no DMARC record at _dmarc.{sending.domain}")


def _replies(sending: Sending, dns: Dns) -> Iterator[Finding]:
    if not dns.takes_mail(sending.domain):
        yield Finding("domain-deaf", f"no mail can reach {sending.domain}, so nobody can answer")
