"""What the last days, read again, correct, add and take away."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from actandpos.models import Account, OpenLot, RealizedLot, RejectedTransaction, Transaction
from livedata.schwab.client import AccountNumber
from livedata.schwab.linking import link_account
from livedata.schwab.models import BrokerConnection
from livedata.schwab.preferences import Preferences
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, hash_of
from livedata.schwab.tests.payload_transactions import security, trade, transaction
from livedata.schwab.tests.transactioning import (
    at,
    buy,
    read_all,
    sell,
)
from livedata.schwab.transactionsync import read_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_a_correction_is_rewritten_and_a_late_booking_is_found(
    schwab: FakeSchwab, reader: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 14.0), sell(2, "2026-11-19", 4.0)]
    read_all(reader)
    late = buy(3, "2026-11-17", 2.0, "MSFT")
    corrected = trade(1, security("AAPL", 14.0, -1260.0, 90.0), 1.0, time=at("2026-11-18"))
    schwab.transactions[FIVE[0]] = [corrected, sell(2, "2026-11-19", 4.0), late]
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    assert Transaction.objects.count() == 3
    assert RealizedLot.objects.get().pl == Decimal("480") - 360 - Decimal("0.2857")
    # 4 are held and 2 of them were bought now: the others were there before.
    assert list(OpenLot.objects.filter(symbol="MSFT").order_by("id").values_list("quantity", "cost")) == [
        (2, None),
        (2, 201),
    ]


def test_a_transfer_that_is_booked_late_was_not_held_yet(
    schwab: FakeSchwab, reader: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_all(reader)
    came = security("AAPL", 5.0, 0.0, None, effect=None)
    schwab.transactions[FIVE[0]].append(
        transaction(2, "RECEIVE_AND_DELIVER", 0.0, came, time=at("2026-11-19"))
    )
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    lots = (
        OpenLot.objects.filter(symbol="AAPL")
        .order_by("id")
        .values_list("quantity", "cost", "opened_by__broker_activity_id")
    )
    assert list(lots) == [(10, 1001, "1"), (5, None, "2")]


def test_an_answer_with_nothing_in_it_takes_nothing_away(
    schwab: FakeSchwab, reader: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_all(reader)
    schwab.transactions[FIVE[0]] = []
    for _ in range(3):
        noon.shift(timedelta(minutes=15))
        read_window(reader.pk, "schedule")
    assert Transaction.objects.values_list("status", "unlisted_at").get() == ("VALID", None)
    assert OpenLot.objects.get(symbol="AAPL").cost == 1001


def test_one_that_is_listed_no_more_counts_until_that_is_seen_twice(
    schwab: FakeSchwab, reader: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0), sell(2, "2026-11-18", 4.0)]
    read_all(reader)
    lost = schwab.transactions[FIVE[0]].pop()
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    gone = Transaction.objects.get(broker_activity_id="2")
    assert (gone.status, gone.unlisted_at) == ("VALID", timezone.now())
    assert RealizedLot.objects.exists()
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    gone.refresh_from_db()
    assert gone.status == "UNLISTED"
    assert not RealizedLot.objects.exists()
    schwab.transactions[FIVE[0]].append(lost)
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    gone.refresh_from_db()
    assert (gone.status, gone.unlisted_at) == ("VALID", None)
    assert RealizedLot.objects.exists()


def test_what_cannot_be_read_is_kept_with_its_reason_until_it_can(
    schwab: FakeSchwab, reader: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18"), buy(2, "2026-11-19") | {"netAmount": 1e300}]
    read_all(reader)
    refused = RejectedTransaction.objects.get()
    assert (refused.key, refused.reason) == ("2", "netAmount is out of range")
    schwab.transactions[FIVE[0]][1] = buy(2, "2026-11-19")
    noon.shift(timedelta(minutes=15))
    read_window(reader.pk, "schedule")
    assert (RejectedTransaction.objects.count(), Transaction.objects.count()) == (0, 2)


def test_the_method_that_schwab_names_is_kept_and_matched_by(schwab: FakeSchwab, reader: Account) -> None:

    more = trade(2, security("AAPL", 10.0, -2000.0, 200.0), time=at("2026-02-03"))
    schwab.transactions[FIVE[0]] = [buy(1, "2026-02-02", 10.0), more, sell(3, "2026-03-03", 10.0)]
    read_all(reader)
    assert RealizedLot.objects.get().pl == 199
    said_so = Preferences(lot_methods={FIVE[0]: "LIFO"})
    link_account(BrokerConnection.objects.get(), AccountNumber(FIVE[0], hash_of(FIVE[0])), said_so)
    assert RealizedLot.objects.get().pl == -800
