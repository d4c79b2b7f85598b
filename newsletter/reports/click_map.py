"""The email of an issue with the clicks beside its links: persons' first, machines' last.

One file that asks nobody for anything but its pictures, to be looked at and passed on.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape

from newsletter import tracking
from newsletter.issues import frozen_email
from newsletter.links import Links
from newsletter.message import Visitor
from newsletter.reports.figures import Shares
from newsletter.reports.report import Report
from newsletter.slots import slot

_SLOT = re.escape(slot("link/0")).replace("0", r"(\d+)")
_ANCHOR = re.compile(
    rf"(<a\b[^>]*\shref=[\"']?{_SLOT}[^>]*>)(.*?)(</a\s*>)", re.IGNORECASE | re.DOTALL
)
# Scripts and forms have no place here; the mail's own looks and pictures have.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "img-src * data:; style-src 'unsafe-inline'\">"
)
_BADGE = (
    '<span style="display:inline-block;margin:0 2px;padding:1px 6px;border-radius:9px;'
    "font:bold 12px/16px sans-serif;white-space:nowrap;text-decoration:none;"
    'background:{ground};color:{ink};border:1px solid #1a1a1a" title="{title}">{text}</span>'
)
_HEAD = (
    '<div style="padding:12px 16px;background:#fffbe6;color:#1a1a1a;'
    'font:14px/20px sans-serif;border-bottom:1px solid #1a1a1a">{text}</div>'
)


def click_map(report: Report, links: Links) -> str:
    """Return the issue's email as one HTML page, original links in it, counts beside each."""
    issue = report.summary.issue
    counts = {one.link.number: one.clicks for one in report.links}
    email = frozen_email(issue)
    marked = _ANCHOR.sub(lambda found: _marked(found, counts), email.html)
    marked = tracking.headed(marked, _HEAD.format(text=_about(report)))
    marked, places = re.subn(
        r"(<head\b[^>]*>)", lambda found: found[1] + _POLICY, marked, count=1, flags=re.IGNORECASE
    )
    shown = replace(email, html=marked if places else _POLICY + marked)
    return tracking.sample(shown, links, list_slug=issue.list_slug, key=issue.key).html


def _marked(found: re.Match[str], counts: Mapping[int, Shares | None]) -> str:
    return f"{found[1]}{found[3]}{found[4]}{_badge(counts.get(int(found[2])))}"


def _badge(shares: Shares | None) -> str:
    if shares is None:
        return _BADGE.format(
            ground="#ffffff", ink="#595959", title="not counted", text="not counted"
        )
    person, unknown, machine = (
        shares[one] for one in (Visitor.PERSON, Visitor.UNKNOWN, Visitor.MACHINE)
    )
    title = f"{person:,} by persons, {unknown:,} unknown, {machine:,} by machines"
    text = f"{person:,}" + (f" +{unknown:,}?" if unknown else "")
    ground, ink = ("#ffd54a", "#1a1a1a") if person else ("#ffffff", "#595959")
    return _BADGE.format(ground=ground, ink=ink, title=escape(title), text=text)


def _about(report: Report) -> str:
    summary = report.summary
    name = f"{summary.issue.list_name}, {summary.issue.key}"
    if summary.clicks is None:
        return escape(f"{name}: clicks were not counted.")
    shares = summary.clicks
    return escape(
        f"{name}: {shares[Visitor.PERSON]:,} clicks by persons, "
        f"{shares[Visitor.UNKNOWN]:,} by who may be either (+…?), "
        f"{shares[Visitor.MACHINE]:,} by machines, which are in no number below"
        f"{', as the provider counted' if summary.issue.counted_by == 'provider' else ''}."
    )
