"""Reports from the provider: raw bytes first, signature before anything is read (RULES §1.4)."""

import logging

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from newsletter import events
from newsletter.app import App
from newsletter.providers import sendgrid_events
from newsletter.web.pages import not_found
from subscribers.database import now

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

router = APIRouter()
log = logging.getLogger("newsletter.web")


@router.post("/webhooks/sendgrid")
async def sendgrid(request: Request) -> Response:
    """Take a post of SendGrid's events; async, because the signature is over the raw bytes."""
    house: App = request.app.state.house
    keys = house.settings.sendgrid_webhook_keys
    if not keys:
        return not_found()
    body = await request.body()
    signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    if not sendgrid_events.is_signed(body, signature, timestamp, keys, now()):
        return PlainTextResponse("not signed\n", 403)
    return await run_in_threadpool(_taken, house, body)


def _taken(house: App, body: bytes) -> Response:
    try:
        posted = sendgrid_events.events(body)
    except ValueError:
        # Signed and not to be read: asking for it again would bring the same bytes.
        log.warning("a signed post of events could not be read")
        return PlainTextResponse("ok\n", 200)
    with house.database.begin() as session:
        events.record(session, house.links, posted, now=now())
    return PlainTextResponse("ok\n", 200)
