"""What the world's name service says of a sender's domain: SPF, DKIM, DMARC, and where replies go."""

from newsletter.sender_domains.checks import SENDGRID_SELECTORS, Sending, check_domain
from newsletter.sender_domains.dmarc import upwards
from newsletter.sender_domains.dns import Dns
from newsletter.sender_domains.received import check_received

__all__ = ["SENDGRID_SELECTORS", "Dns", "Sending", "check_domain", "check_received", "upwards"]
