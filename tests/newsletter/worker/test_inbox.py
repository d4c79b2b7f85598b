"""The worker looks through the inbox by itself, and says when it cannot; goodbyes may be mails."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from newsletter.app import App
from newsletter.models import Alert
from newsletter.worker.lookout import INBOX_EVERY, Lookout
from newsletter.worker.tick import tick
from subscribers.models import Subscription
from tests.newsletter.house import NOON, add_people, drain, open_house, schedule, start
from tests.newsletter.receiver import Receiver

ADDRESS = "bounces+*@ledger.example"


def open_with_inbox(url: str, folder: Path) -> tuple[App, Receiver]:
    for part in ("new", "cur"):
        (folder / "mail" / part).mkdir(parents=True)
    receiver = Receiver(folder / "book")
    inbox = SecretStr(f"maildir://{folder / 'mail'}")
    return open_house(url, folder, receiver, inbox_url=inbox, inbox_address=ADDRESS), receiver


def test_who_answers_the_goodbye_of_a_mail_by_a_mail_has_left(
    database_url: str, tmp_path: Path
) -> None:
    """# U-5: https first, a mail beside it; what its subject must be stands in the mail."""
    app, receiver = open_with_inbox(database_url, tmp_path)
    schedule(app, add_people(app, 2))
    start(app)
    drain(app)
    header = dict(receiver.emails[0].headers)["List-Unsubscribe"]
    https, by_mail = header.split(", ")
    assert https.startswith("<http")
    to, subject = by_mail.strip("<>").removeprefix("mailto:").split("?subject=")
    assert to == "bounces+goodbye@ledger.example"
    token = receiver.envelopes[0].values["token"]
    written = subject.replace("%20", " ").replace("\ue000token\ue001", token)
    (tmp_path / "mail" / "new" / "1").write_text(f"From: x@y.example\nSubject: {written}\n\n")
    tick(app)
    with app.database.read() as session:
        states = session.scalars(select(Subscription.state).order_by(Subscription.subscriber_id))
        assert states.all() == ["unsubscribed", "active"]
    app.database.close()


def test_an_inbox_that_is_away_is_told_once_and_looked_at_again(
    database_url: str, tmp_path: Path
) -> None:
    app, _ = open_with_inbox(database_url, tmp_path)
    (tmp_path / "mail" / "cur").rename(tmp_path / "cur")
    moments = iter(NOON + number * INBOX_EVERY for number in range(9))
    lookout = Lookout(app, clock=lambda: next(moments))
    lookout.look()
    lookout.look()
    with app.database.read() as session:
        titles = session.scalars(select(Alert.title)).all()
    assert titles == ["The inbox of bounces is away"]
    app.database.close()
