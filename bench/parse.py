"""Parse and normalize 1,000 positions, against `orjson.loads` of the same body."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import orjson

from bench import payload
from bench.ratio import Line, best, show
from livedata.schwab.normalizers import AccountReading, read_accounts

ROWS = 1000


def main() -> None:
    """Measure and print."""
    body, now = payload.accounts(ROWS, 1), datetime.now(UTC)
    readings = read_accounts(body, now, now)
    assert isinstance(readings[0], AccountReading)
    _compare(body, readings[0])
    floor, whole, stdlib = best(
        [
            lambda: orjson.loads(body),
            lambda: read_accounts(body, now, now),
            lambda: json.loads(body, parse_float=Decimal),
        ]
    )
    name = f"orjson.loads of {len(body) // 1024} KB"
    show(
        "Parse and normalize 1,000 positions",
        [
            Line(
                "decode, check, round and derive every figure",
                whole / floor,
                3.0,
                name,
                "quantity and value of each row",
            ),
            Line("json.loads with parse_float=Decimal, no row built", stdlib / floor, None, name, "nothing"),
        ],
    )


def _compare(body: bytes, reading: AccountReading) -> None:
    """Check that every row was read, to the cent."""
    wanted = json.loads(body, parse_float=Decimal)[0]["securitiesAccount"]["positions"]
    found = {row.symbol: row for row in reading.snapshot.positions}
    assert len(found) == ROWS
    assert not reading.snapshot.rejected
    for row in wanted:
        mine = found[row["instrument"]["symbol"]]
        assert (mine.quantity, mine.market_value) == (row["longQuantity"], row["marketValue"])
