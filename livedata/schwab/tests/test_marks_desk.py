"""Books on the desk: versions, what is kept for newcomers and successors, and no drift over thousands of ticks."""

import json
import random
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from actandpos.plain import plain
from actandpos.shown import PositionFigures
from livedata import lastmarks
from livedata.schwab.marks.book import Message
from livedata.schwab.marks.desk import Desk
from livedata.schwab.tests.marking import NOW, Market, book, view


def test_nothing_is_said_of_a_book_that_moved_on_until_it_was_read_again() -> None:
    market = Market(book(view(1)))
    assert not market.desk.moved_on(7, 3)
    assert market.desk.moved_on(7, 4)
    market.quote("AAPL", "101")
    assert market.flush() == []
    market.desk.put(
        book(view(1, market_value=Decimal(1005)), version=4, net_liq=Decimal(10005), observed_at=NOW)
    )
    said = market.said()
    assert (said["version"], said["seq"], said["balances"]["net_liq"]) == (4, 1, "10010")


def test_an_account_that_is_dropped_is_told_no_more() -> None:
    market = Market(book(view(1)))
    market.desk.drop(7)
    market.quote("AAPL", "101")
    assert (market.flush(), market.desk.books) == ([], {})


def kept(messages: list[Message]) -> dict[bytes, bytes]:
    """Return what the hash holds after messages."""
    return {name.encode(): text for message in messages for name, text in message.fields.items()}


def test_what_is_kept_says_all_at_once_what_the_messages_said() -> None:
    market = Market(book(view(1), view(2, "MSFT")))
    messages = []
    for symbol, mark in (("AAPL", "101"), ("MSFT", "99"), ("AAPL", "102")):
        market.quote(symbol, mark)
        messages += market.flush()
    text = lastmarks.message_of(7, kept(messages))
    assert text is not None
    whole = json.loads(text)
    rows = {row["id"]: row for row in whole["rows"]}
    assert (whole["type"], whole["account_id"], whole["version"], whole["seq"]) == ("marks", 7, 3, 3)
    assert {pk: row["market_value"] for pk, row in rows.items()} == {1: "1020", 2: "990"}
    assert whole["balances"]["net_liq"] == "10010"
    assert lastmarks.message_of(7, {}) is None


def test_another_process_goes_on_where_the_first_stopped() -> None:
    first = Market(book(view(1)))
    first.quote("AAPL", "101")
    lies = kept(first.flush())
    later = book(view(1))
    assert Desk.take_over(later, lies)
    second = Market(later)
    assert second.flush() == []  # what is shown stays until a mark comes
    second.quote("AAPL", "100")  # Schwab's own mark: the browsers show 101
    said = second.said()
    assert (said["seq"], said["rows"][0]["market_value"]) == (2, "1000")
    assert said["balances"]["net_liq"] == "10000"
    assert not book(view(1), version=4).take_over(lies)


def test_after_a_loss_the_whole_is_said_again() -> None:
    market = Market(book(view(1), view(2, "MSFT")))
    assert market.desk.books[7].whole(NOW) is None
    market.quote("AAPL", "101")
    market.flush()
    message = market.desk.books[7].whole(NOW)
    assert message is not None
    said = json.loads(message.text)
    assert (said["seq"], [row["id"] for row in said["rows"]]) == (2, [1])
    assert set(message.fields) == {"head", "1"}


def _eager(
    rows: list[PositionFigures], marks: dict[str, Decimal]
) -> tuple[dict[int, str | None], str | None]:
    """Recompute market values and net liq from nothing but Schwab's figures and the last marks."""
    values, net_liq = {}, Decimal(10000)
    for row in rows:
        value = marks[row.symbol] * row.quantity * row.multiplier
        values[row.id] = plain(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))
        net_liq += value - (row.market_value or 0)
    return values, plain(net_liq.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))


@pytest.mark.parametrize("seed", range(5))
def test_thousands_of_ticks_end_where_an_eager_recomputation_ends(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        view(
            pk,
            f"S{pk % 7}",
            quantity=Decimal(chance.randint(-99999, 99999) or 1).scaleb(-3),
            market_value=Decimal(chance.randint(-(10**9), 10**9)).scaleb(-4),
        )
        for pk in range(1, 30)
    ]
    market, shown, balances = Market(book(*rows)), {}, {}
    marks: dict[str, Decimal] = {}
    for _ in range(300):
        for symbol in chance.sample([f"S{each}" for each in range(7)], 3):
            marks[symbol] = Decimal(chance.randint(1, 10**12)).scaleb(-6)
            market.quote(symbol, str(marks[symbol]))
        for message in market.flush():
            said = json.loads(message.text)
            shown.update({row["id"]: row["market_value"] for row in said["rows"] if "market_value" in row})
            balances.update(said["balances"])
    assert (shown, balances["net_liq"]) == _eager(rows, marks)
