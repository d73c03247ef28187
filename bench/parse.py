"""Parse and normalize 1,000 positions, against `orjson.loads` of the same body."""

import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import orjson
import xxhash

from bench import payload
from bench.ratio import Line, Run, best, must, show
from livedata.schwab import wire
from livedata.schwab.normalizers import AccountReading, UnreadableAccount, read_accounts

ROWS, TENTH, ROUNDS = 1000, 100, 60
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    shares, kinds, tenth, still = _answers()
    for body in (*shares, *kinds, *tenth, *still):
        _compare(body, read_accounts(body, NOW, NOW)[0])
    (envelope,) = msgspec.json.decode(shares[0], type=list[wire.AccountEnvelope])
    raws = envelope.securities_account.positions or []
    row = msgspec.json.Decoder(wire.PositionWire)
    sides = [
        _taking_turns(orjson.loads, shares),
        _reading(shares),
        _taking_turns(orjson.loads, kinds),
        _reading(kinds),
        _reading(tenth),
        _reading(still),
        lambda: json.loads(shares[0], parse_float=Decimal),
        lambda: list(map(row.decode, raws)),
        lambda: list(map(xxhash.xxh3_128_hexdigest, raws)),
    ]
    floor, whole, other_floor, other, some, none, stdlib, decode, digests = best(
        sides, rounds=ROUNDS, clock=time.thread_time
    )
    name, same = f"orjson.loads of {len(shares[0]) // 1024} KB", "quantity and value of each row"
    show(
        "Parse and normalize 1,000 positions",
        [
            Line("every row changed: decode, check, round, derive all", whole / floor, 3.0, name, same),
            Line("the same of options, shorts, funds and shares", other / other_floor, None, name, same),
            Line("a tenth changed since the answer before", some / floor, None, name, same),
            Line("nothing changed since the answer before", none / floor, None, name, same),
            Line("of the first: decoding rows, numbers as Decimal", decode / floor, None, name, "nothing"),
            Line("of the first: telling rows apart by digest", digests / floor, None, name, "nothing"),
            Line("json.loads with parse_float=Decimal, no row built", stdlib / floor, None, name, "nothing"),
        ],
    )


def _answers() -> tuple[list[bytes], ...]:
    """Return pairs of answers that take turns: all rows differ (shares, kinds), a tenth of them, none.

    Each pair is about an account of its own, since rows are compared with those of the account's last answer.
    """
    old, new = payload.accounts(ROWS, 1), payload.accounts(ROWS, 2)
    pairs = (
        [old, new],
        [payload.accounts(ROWS, seed, kinds=True) for seed in (1, 2)],
        [old, payload.mixed(old, new, TENTH)],
        [old, old],
    )
    for pair, changed in zip(pairs, (ROWS, ROWS, TENTH, 0), strict=True):
        must(_differing(*pair) == changed, f"not {changed} rows differ")
    return tuple(
        [body.replace(b"31415926", b"3141592%d" % number) for body in pair]
        for number, pair in enumerate(pairs)
    )


def _differing(one: bytes, other: bytes) -> int:
    """Return at how many places two answers have different rows."""
    rows = [json.loads(body)[0]["securitiesAccount"]["positions"] for body in (one, other)]
    return sum(before != after for before, after in zip(*rows, strict=True))


def _taking_turns(work: Callable[[bytes], object], bodies: list[bytes]) -> Run:
    """Return a run that works on one body after the other."""
    turn = itertools.cycle(bodies)
    return lambda: work(next(turn))


def _reading(bodies: list[bytes]) -> Run:
    """Return a run that reads one answer after the other."""
    return _taking_turns(lambda body: read_accounts(body, NOW, NOW), bodies)


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
