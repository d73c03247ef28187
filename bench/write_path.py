"""The write path: `apply_snapshot` of 1,000 positions against the bare driver's upsert of the same rows."""

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import asdict, replace

from actandpos import services
from actandpos.models import Account, Position
from actandpos.services import remembered
from actandpos.types import AccountSnapshot
from bench import database, floor, payload
from bench.ratio import Line, best, must, show
from livedata.schwab.normalizers import UnreadableAccount, read_accounts

ROWS, FEW, ONE_PERCENT, ROUNDS = 1_000, 10, 10, 40
START = datetime(2026, 11, 20, 15, tzinfo=UTC)
_seconds = itertools.count(1)


def main() -> None:
    """Measure and print."""
    owner = User.objects.create_user("write path")
    ours, theirs, naive = (_account(owner, name) for name in ("ours", "the floor's", "naive"))
    warm, cold = (_account(owner, name) for name in ("few changed", "few changed, nothing remembered"))
    old, new = payload.accounts(ROWS, 1), payload.accounts(ROWS, 2)
    whole = [_snapshot(old), _snapshot(new)]
    few = [whole[0], _snapshot(payload.mixed(old, new, ONE_PERCENT))]
    bare = floor.Upsert(theirs.pk, [each.positions for each in whole])
    queries = _queries(owner)
    sides = [*bare.ways, _taking_turns(ours, whole), _taking_turns(warm, few), _forgetting(cold, few)]
    best(sides, rounds=2)
    database.tidy()
    *ways, all_changed, some_changed, unknown = best(sides, rounds=ROUNDS, clock=bare.clock)
    _same(ours, theirs)
    bare.write(few[1].positions)
    _same(warm, theirs)
    _same(cold, theirs)
    (loop,) = best([_naive(naive, whole)], rounds=2, clock=bare.clock)
    bare.write(whole[1].positions)
    _same(naive, theirs)
    least = min(ways)
    name = f"the driver's upsert of all, {least * 1e3:.1f} ms"
    title = f"Write path on {database.vendor()}: {ROWS:,} positions of one account"
    same = "every column of every row"
    few_words = f"apply_snapshot, {ONE_PERCENT} changed"
    lines = [
        Line(f"apply_snapshot, all changed, {queries} queries", all_changed / least, 1.5, name, same),
        Line(few_words, some_changed / least, 0.2, name, same),
        Line(f"{few_words}, the first in a process", unknown / least, None, name, same),
        Line("update_or_create for each row", loop / least, None, name, same),
    ]
    for way, taken in zip(bare.names, ways, strict=True):
        lines.append(Line(f"the driver, {way}", taken / least, None, name, same))
    show(title, lines)


def _account(owner: User, name: str) -> Account:
    """Return an account without positions."""
    return services.ensure_account(
        owner=owner, broker="schwab", identity=name, display_name=name, account_type="MARGIN"
    )


def _snapshot(body: bytes) -> AccountSnapshot:
    """Return what a body says, its rows as a program has them in hand."""
    (reading,) = read_accounts(body, START, START)
    if isinstance(reading, UnreadableAccount):
        raise SystemExit(reading.reason)
    return reading.snapshot


def _later(snapshot: AccountSnapshot) -> AccountSnapshot:
    """Return the same answer, asked for later than any before."""
    return replace(snapshot, observed_at=START + timedelta(seconds=next(_seconds)))


def _taking_turns(account: Account, snapshots: Sequence[AccountSnapshot]) -> Callable[[], object]:
    """Return a run that applies one answer after the other, each unlike the last one."""
    turn = itertools.cycle(snapshots)

    def run() -> None:
        services.apply_snapshot(account, _later(next(turn)))

    return run


def _forgetting(account: Account, snapshots: Sequence[AccountSnapshot]) -> Callable[[], object]:
    """Return the same in a process that wrote nothing before: it reads back what is stored."""
    apply = _taking_turns(account, snapshots)

    def run() -> None:
        remembered.forget(account.pk)
        apply()

    return run


def _queries(owner: User) -> int:
    """Return how many queries an answer takes whose rows have all changed; the same for few rows and many."""
    counts = []
    for rows in (FEW, ROWS):
        account = _account(owner, f"{rows} rows")
        run = _taking_turns(account, [_snapshot(payload.accounts(rows, seed)) for seed in (1, 2)])
        run()
        with CaptureQueriesContext(connection) as queries:
            run()
        counts.append(len(queries))
        account.delete()
    must(counts[0] == counts[1], f"{counts} queries for {FEW} and {ROWS} rows")
    return counts[0]


def _naive(account: Account, snapshots: Sequence[AccountSnapshot]) -> Callable[[], object]:
    """Return the loop that everybody writes first."""
    turn = itertools.cycle(snapshots)

    def run() -> None:
        for row in next(turn).positions:
            values = asdict(row)
            key = {name: values.pop(name) for name in ("symbol", "asset_type")}
            values["as_of"] = START
            Position.objects.update_or_create(account=account, **key, defaults=values)

    return run


def _same(one: Account, other: Account) -> None:
    """Check that two accounts hold the same rows, column by column."""
    names = [field.attname for field in Position._meta.concrete_fields]
    names = [name for name in names if name not in ("id", "account_id", "as_of")]
    held: list[list[Any]] = [
        list(Position.objects.filter(account=each).order_by("symbol").values_list(*names))
        for each in (one, other)
    ]
    must(len(held[0]) == ROWS and held[0] == held[1], "the rows differ")
