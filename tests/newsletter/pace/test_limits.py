"""Limits as settings say them: sizes of batches, and the most of a day."""

import pytest

from newsletter.errors import SettingsError
from newsletter.pace import NO_LIMITS, Limits
from newsletter.settings import load


@pytest.mark.parametrize(
    ("limits", "stepwise", "size"),
    [
        (NO_LIMITS, False, 1000),
        (Limits(rate=1000), False, 1000),
        (Limits(rate=10), False, 300),
        (Limits(rate=10), True, 50),
        (Limits(rate=0.01), True, 1),
        (Limits(rate=100, domains={"gmail.com": 2}), False, 1000),
    ],
)
def test_a_batch_holds_no_more_than_half_a_minutes_worth(
    limits: Limits, stepwise: bool, size: int
) -> None:
    assert limits.size(1000, stepwise=stepwise) == size


def test_a_domain_and_an_issue_may_be_slower_than_the_house() -> None:
    limits = Limits(rate=100, domains={"gmail.com": 2})
    assert limits.size(1000, stepwise=False, lane="gmail.com") == 60
    assert limits.size(1000, stepwise=False, over=1) == 30


@pytest.mark.parametrize(
    ("limits", "days"),
    [
        (NO_LIMITS, [None, None]),
        (Limits(quota=500), [500, 500]),
        (Limits(warm_up=(100, 200)), [100, 200, None]),
        (Limits(quota=150, warm_up=(100, 200)), [100, 150, 150]),
    ],
)
def test_the_most_of_a_day_is_the_quota_or_the_plan_whichever_is_less(
    limits: Limits, days: list[int | None]
) -> None:
    assert [limits.of_day(number) for number in range(len(days))] == days


def test_settings_write_rates_and_plans_as_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_DOMAIN_RATES", "gmail.com=20, web.example=0.5")
    monkeypatch.setenv("NEWSLETTER_WARM_UP", "500, 1000,2000")
    settings = load()
    assert settings.domain_rates == {"gmail.com": 20, "web.example": 0.5}
    assert settings.warm_up == (500, 1000, 2000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE", "0"),
        ("RATE", "fast"),
        ("DAILY_QUOTA", "-1"),
        ("WARM_UP", "500,-1"),
        ("WARM_UP", "a,b"),
        ("DOMAIN_RATES", "gmail.com"),
        ("DOMAIN_RATES", "gmail.com=fast"),
        ("DOMAIN_RATES", "gmail.com=-1"),
        ("DOMAIN_RATES", "gmail.com=nan"),
        ("DOMAIN_RATES", "%=1"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEWSLETTER_{name}", value)
    with pytest.raises(SettingsError, match=name.lower()):
        load()
