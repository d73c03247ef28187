"""Parse and normalize 1,000 positions, against `orjson.loads` of the same body."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import orjson

from bench import payload
from bench.ratio import Line, best, must, show
from livedata.schwab.normalizers import AccountReading, UnreadableAccount, read_accounts

ROWS = 1000


def main() -> None:
    """Measure and print."""
    body, now = payload.accounts(ROWS, 1), datetime.now(UTC)
    readings = read_accounts(body, now, now)
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


def _compare(body: bytes, reading: AccountReading | UnreadableAccount) -> None:
    """Check that every row was read, to the cent."""
    if isinstance(reading, UnreadableAccount):
        raise SystemExit(reading.reason)
    wanted = json.loads(body, parse_float=Decimal)[0]["securitiesAccount"]["positions"]
    found = {row.symbol: row for row in reading.snapshot.positions}
    must(len(found) == ROWS and not reading.snapshot.rejected, "rows are missing")
    for row in wanted:
        mine = found[row["instrument"]["symbol"]]
        same = (mine.quantity, mine.market_value) == (row["longQuantity"], row["marketValue"])
        must(same, f"{mine.symbol} differs")
