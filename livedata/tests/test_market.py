"""The market's sessions: every edge in New York's time, weekends, holidays, half days, announced days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from livedata.market import EASTERN, eastern_date, holiday_name, session_at
from livedata.models import MarketDay

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def at(text: str) -> datetime:
    """Return a moment in New York as UTC, which is what the server's clock says."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


def announce(day: str, is_open: bool = True, **hours: tuple[str, str]) -> None:
    """Keep a day as a broker announced it."""
    spans = {
        name: [at(f"{day} {start}").isoformat(), at(f"{day} {end}").isoformat()]
        for name, (start, end) in hours.items()
    }
    MarketDay.objects.create(
        date=day, is_open=is_open, hours=spans, source="schwab", fetched_at=datetime.now(tz=UTC)
    )


ORDINARY = [("07:00", "closed", "pre"), ("09:30", "pre", "regular"), ("16:00", "regular", "post"),
            ("20:00", "post", "closed")]  # fmt: skip
HALF = [("07:00", "closed", "pre"), ("09:30", "pre", "regular"), ("13:00", "regular", "post"),
        ("17:00", "post", "closed")]  # fmt: skip
DAYS = {
    "2026-05-14": ORDINARY,  # a Thursday in summer time
    "2026-11-23": ORDINARY,  # a Monday in winter time
    "2026-03-06": ORDINARY,  # the last day before the clocks go forward
    "2026-03-09": ORDINARY,  # the first one after
    "2026-10-30": ORDINARY,  # and back
    "2026-11-02": ORDINARY,
    "2026-11-27": HALF,  # the day after Thanksgiving
    "2026-12-24": HALF,
}


@pytest.mark.parametrize("day", DAYS)
def test_every_edge_of_a_trading_day(day: str) -> None:
    for time, before, after in DAYS[day]:
        edge = at(f"{day} {time}")
        just_before, then = session_at(edge - TICK), session_at(edge)
        assert (just_before.session, then.session) == (before, after), time
        assert (just_before.changes_at, just_before.next_session) == (edge, after), time
        assert then.changes_at > edge


@pytest.mark.parametrize(
    ("day", "utc"), [("2026-03-06", 14.5), ("2026-03-09", 13.5), ("2026-10-30", 13.5), ("2026-11-02", 14.5)]
)
def test_the_opening_moves_in_utc_with_daylight_saving(day: str, utc: float) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    opens = midnight + timedelta(hours=utc)
    assert session_at(opens - TICK).session == "pre"
    assert session_at(opens).session == "regular"


@pytest.mark.parametrize("moment", ["2026-03-08 02:30", "2026-11-01 01:30", "2026-11-01 23:59"])
def test_the_nights_in_which_clocks_change_are_closed(moment: str) -> None:
    session = session_at(at(moment))
    monday = "2026-03-09" if moment.startswith("2026-03") else "2026-11-02"
    assert (session.session, session.next_session) == ("closed", "pre")
    assert session.changes_at == at(f"{monday} 07:00")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-11-26", "Thanksgiving"),
        ("2026-12-25", "Christmas"),
        ("2026-07-03", "Independence Day"),
        ("2027-01-01", "New Year"),
        ("2026-04-03", "Good Friday"),
    ],
)
def test_holidays_are_closed_all_day_and_named(day: str, name: str) -> None:
    for time in ("00:00", "09:30", "12:00", "19:59"):
        session = session_at(at(f"{day} {time}"))
        assert session.session == "holiday"
        assert session.name is not None
        assert name in session.name


@pytest.mark.parametrize("day", ["2026-10-12", "2026-11-11"])
def test_bank_holidays_are_trading_days(day: str) -> None:
    assert holiday_name(date.fromisoformat(day)) is None
    assert session_at(at(f"{day} 10:00")).session == "regular"


@pytest.mark.parametrize(
    ("now", "session", "changes_at", "next_session"),
    [
        ("2026-11-22 12:00", "closed", "2026-11-23 07:00", "pre"),
        ("2026-11-20 20:00", "closed", "2026-11-23 07:00", "pre"),
        ("2026-11-25 20:00", "closed", "2026-11-27 07:00", "pre"),
        ("2026-11-26 12:00", "holiday", "2026-11-27 07:00", "pre"),
        ("2026-11-27 17:00", "closed", "2026-11-30 07:00", "pre"),
        ("2026-12-24 17:00", "closed", "2026-12-28 07:00", "pre"),
        ("2026-04-02 20:30", "closed", "2026-04-06 07:00", "pre"),
        ("2026-12-31 20:00", "closed", "2027-01-04 07:00", "pre"),
        ("2026-05-14 03:00", "closed", "2026-05-14 07:00", "pre"),
    ],
)
def test_the_next_change_over_nights_weekends_and_holidays(
    now: str, session: str, changes_at: str, next_session: str
) -> None:
    found = session_at(at(now))
    assert (found.session, found.next_session, found.source) == (session, next_session, "calendar")
    assert found.changes_at == at(changes_at)
    assert found.now == at(now)


def test_today_is_new_york_s_date() -> None:
    assert eastern_date(datetime(2026, 5, 15, 3, 59, tzinfo=UTC)) == date(2026, 5, 14)
    assert eastern_date(datetime(2026, 5, 15, 4, 0, tzinfo=UTC)) == date(2026, 5, 15)
    assert session_at(datetime(2026, 5, 15, 3, 59, tzinfo=UTC)).trading_day == date(2026, 5, 14)


def test_an_announced_early_close_wins() -> None:
    announce("2026-05-14", regular=("09:30", "13:00"), pre=("07:00", "09:30"), post=("13:00", "17:00"))
    before, after = session_at(at("2026-05-14 12:59")), session_at(at("2026-05-14 13:00"))
    assert (before.session, before.changes_at, before.source) == ("regular", at("2026-05-14 13:00"), "schwab")
    assert (after.session, after.next_session) == ("post", "closed")


def test_an_announced_closed_day_wins_over_the_calendar() -> None:
    announce("2026-05-14", is_open=False)
    found = session_at(at("2026-05-14 10:00"))
    assert (found.session, found.name, found.source) == ("closed", None, "schwab")
    assert found.changes_at == at("2026-05-15 07:00")
    assert session_at(at("2026-05-13 21:00")).changes_at == at("2026-05-15 07:00")


def test_hours_of_an_announced_closed_day_do_not_count() -> None:
    announce("2026-05-14", is_open=False, regular=("09:30", "16:00"))
    assert session_at(at("2026-05-14 10:00")).session == "closed"


def test_an_announced_open_day_wins_over_a_holiday() -> None:
    announce("2026-11-26", regular=("09:30", "16:00"))
    found = session_at(at("2026-11-26 10:00"))
    assert (found.session, found.name) == ("regular", None)
    assert (found.changes_at, found.next_session) == (at("2026-11-26 16:00"), "closed")


def test_an_announced_holiday_keeps_its_name() -> None:
    announce("2026-11-26", is_open=False)
    found = session_at(at("2026-11-26 10:00"))
    assert (found.session, found.source) == ("holiday", "schwab")
    assert found.name is not None


def test_sessions_that_do_not_touch_close_in_between() -> None:
    announce("2026-05-14", regular=("09:30", "16:00"), post=("16:05", "20:00"))
    during, between = session_at(at("2026-05-14 15:00")), session_at(at("2026-05-14 16:01"))
    assert (during.changes_at, during.next_session) == (at("2026-05-14 16:00"), "closed")
    assert (between.session, between.changes_at, between.next_session) == (
        "closed",
        at("2026-05-14 16:05"),
        "post",
    )


def test_one_query_answers(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        session_at(at("2026-05-14 10:00"))


def test_the_session_over_http(client: Client) -> None:
    client.force_login(User.objects.create_user("someone"))
    answer = client.get("/api/livedata/session")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"session", "name", "trading_day", "changes_at", "next_session", "source", "now"}
    assert body["changes_at"].endswith("Z")
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/api/livedata/session/").status_code == 200


def test_the_session_is_for_people_who_signed_in(client: Client) -> None:
    answer = client.get("/api/livedata/session/")
    assert answer.status_code == 401
    assert set(answer.json()) == {"detail", "code"}
