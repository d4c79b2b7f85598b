"""Reports from the provider: raw bytes first, signature before anything is read (RULES §1.4).

A post is kept as it came and answered; what stands in it is read after the answer (RULES WH-3).
"""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from starlette.background import BackgroundTask

from newsletter import events
from newsletter.app import App
from newsletter.providers import sendgrid_events
from newsletter.web.pages import not_found
from subscribers.database import now

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

router = APIRouter()


@router.post("/webhooks/sendgrid")
async def sendgrid(request: Request) -> Response:
    """Take a post of SendGrid's events; async, because the signature is over the raw bytes."""
    house: App = request.app.state.house
    keys = house.settings.sendgrid_webhook_keys
    if not keys:
        return await run_in_threadpool(not_found, request)
    body = await request.body()
    signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    if not sendgrid_events.is_signed(body, signature, timestamp, keys, now()):
        return PlainTextResponse("not signed\n", 403)
    await run_in_threadpool(_keep, house, body)
    reading = BackgroundTask(events.catch_up, house.database, house.links, now=now())
    return PlainTextResponse("ok\n", 200, background=reading)


def _keep(house: App, body: bytes) -> None:
    with house.database.begin() as session:
        events.keep(session, sendgrid_events.SOURCE, body, now=now())
