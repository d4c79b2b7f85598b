"""Who carries an email to its recipients: `outbox` (files), `smtp`, `sendgrid`."""

from newsletter.providers.protocol import Provider
from newsletter.providers.return_path import ReturnPath
from newsletter.providers.signing import Signers
from newsletter.settings import Settings

# With so many connections a second thread is worth its own.
FOR_TWO = 4


def provider_of(settings: Settings) -> Provider:
    """Return the provider that the settings name.

    Opens nothing and refuses nothing: what is wrong with its settings, `check` and `prepare` say.
    """
    # Imported when chosen: the official client alone costs 50 MB (ENGINE §8).
    match settings.provider:
        case "sendgrid":
            from newsletter.providers.sendgrid import SendGrid

            return SendGrid(
                settings.sendgrid_api_key.get_secret_value(),
                host=settings.sendgrid_host,
                lanes=settings.connections,
            )
        case "smtp":
            from newsletter.providers.smtp import Smtp

            # While one has its answers written down, the server is at work for the other; of more
            # than two, each takes the interpreter's lock from the others.
            lanes = 1 if settings.connections < FOR_TWO else 2
            return Smtp(
                settings.smtp_url.get_secret_value(),
                connections=settings.connections // lanes,
                lanes=lanes,
                signers=Signers(settings.dkim),
                bounces=return_path_of(settings),
                smtputf8=settings.smtputf8,
            )
        case "outbox":
            from newsletter.providers.outbox import Outbox

            return Outbox(
                settings.outbox_dir, signers=Signers(settings.dkim), smtputf8=settings.smtputf8
            )


def return_path_of(settings: Settings) -> ReturnPath | None:
    """Return where bounces go, None where INBOX_ADDRESS says nothing; raises SettingsError."""
    return ReturnPath(settings.inbox_address) if settings.inbox_address else None
