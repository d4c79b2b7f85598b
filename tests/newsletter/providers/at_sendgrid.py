"""SendGrid at its double, and ten recipients."""

from newsletter.message import SendStatus
from newsletter.providers.sendgrid import SendGrid
from tests.doubles.sendgrid_server import KEY, SendGridDouble
from tests.newsletter.providers.contract import (
    envelope,
)

OK, FAILED, DOUBT = SendStatus.SUBMITTED, SendStatus.FAILED, SendStatus.IN_DOUBT
TEN = [envelope(number) for number in range(10)]
ALL = [one.address for one in TEN]


def sendgrid(double: SendGridDouble, *, deadline: float = 10) -> SendGrid:
    """Return the provider that calls this double."""
    return SendGrid(KEY, host=double.url, deadline=deadline)
