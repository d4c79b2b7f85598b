"""A house with the body of a letter in it."""

from typing import Any

import pytest
from sqlalchemy import insert

from newsletter.models import LetterBody
from newsletter.slots import hole, slot
from tests.newsletter.house import Make


@pytest.fixture
def house(house: Make) -> Make:
    def make(*, stepwise: bool = True, **given: Any) -> Any:
        app, receiver = house(stepwise=stepwise, **given)
        with app.database.begin() as session:
            session.execute(
                insert(LetterBody).values(
                    hash="body",
                    subject="Please confirm",
                    html=f'<a href="{slot("letter")}">yes</a>',
                    text=f"Dear {hole('name')}, {slot('letter')}",
                )
            )
        return app, receiver

    return make
