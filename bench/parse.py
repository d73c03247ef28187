"""Parse and normalize 1,000 positions, against `orjson.loads` of the same body."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b

import msgspec
import orjson

from bench import payload
from bench.ratio import Line, best, must, show
from livedata.schwab import wire
from livedata.schwab.normalizers import AccountReading, UnreadableAccount, read_accounts

ROWS = 1000


def main() -> None:
    """Measure and print."""
    now = datetime.now(UTC)
    shares, kinds = payload.accounts(ROWS, 1), payload.accounts(ROWS, 1, kinds=True)
    for body in (shares, kinds):
        _compare(body, read_accounts(body, now, now)[0])
    (envelope,) = msgspec.json.decode(shares, type=list[wire.AccountEnvelope])
    raws = envelope.securities_account.positions or []
    row = msgspec.json.Decoder(wire.PositionWire)
    sides = [
        lambda: orjson.loads(shares),
        lambda: read_accounts(shares, now, now),
        lambda: orjson.loads(kinds),
        lambda: read_accounts(kinds, now, now),
        lambda: json.loads(shares, parse_float=Decimal),
        lambda: list(map(row.decode, raws)),
        lambda: [blake2b(raw, digest_size=16).hexdigest() for raw in raws],
    ]
    floor, whole, other_floor, other, stdlib, decode, digests = best(sides, rounds=40, clock=time.thread_time)
    name, same = f"orjson.loads of {len(shares) // 1024} KB", "quantity and value of each row"
    show(
        "Parse and normalize 1,000 positions",
        [
            Line("decode, check, round and derive every figure", whole / floor, 3.0, name, same),
            Line("the same of options, shorts, funds and shares", other / other_floor, None, name, same),
            Line("of which decoding the rows, numbers as Decimal", decode / floor, None, name, "nothing"),
            Line("of which telling rows apart by digest", digests / floor, None, name, "nothing"),
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
        held = row["longQuantity"] - row["shortQuantity"]
        same = (mine.quantity, mine.market_value) == (held, row["marketValue"])
        must(same, f"{mine.symbol} differs")
