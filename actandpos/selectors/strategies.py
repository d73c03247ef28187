"""Reads the holdings as strategies: what the trader put together first, the rest as recognised."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

import msgspec

from actandpos.facts import Fact, facts_of
from actandpos.models import Account, StrategyChoice
from actandpos.selectors.positions import position_rows
from actandpos.shown import PositionView, StrategyView
from actandpos.strategies.legs import Group, Leg, Part
from actandpos.strategies.names import name_of
from actandpos.strategies.recognise import recognised
from actandpos.strategies.risk import NO_OPTION, StrategyFact, option_fact

SUMS = ("market_value", "cost_basis", "pl_open", "pl_day")
PLACES = Decimal("0.0001")
Chosen = dict[tuple[int, str, str], StrategyChoice]
Figures = tuple[dict[str, Decimal | None], dict[str, str]]


def strategies(
    accounts: Sequence[Account], today: date
) -> tuple[list[StrategyView], dict[str, StrategyFact]]:
    """Return the strategies of accounts, by account and underlying, and how each held symbol stands.

    Every unit held is in exactly one strategy.
    """
    rows = position_rows(accounts, today)
    choices = StrategyChoice.objects.filter(account__in=[account.pk for account in accounts])
    chosen = {(each.account_id, each.symbol, each.asset_type): each for each in choices}
    views: list[StrategyView] = []
    for account_id, held in groupby(rows, key=lambda row: row.account_id):
        views += _of_account(account_id, list(held), chosen, today)
    return views, _facts(rows, today)


def _facts(rows: Sequence[PositionView], today: date) -> dict[str, StrategyFact]:
    """Return how each held option stands, and the dividends of what is held, by symbol."""
    underlyings = {row.underlying for row in rows if row.asset_type in ("OPT", "EQ", "ETF")}
    known = facts_of(underlyings)
    marks = {row.symbol: row.mark_price for row in rows if row.symbol in underlyings and row.mark_price}
    found: dict[str, StrategyFact] = {}
    for row in rows:
        if row.underlying not in underlyings:
            continue
        told = known.get(row.underlying, Fact())
        fact = Fact(told.price or marks.get(row.underlying), told.ex_dividend, told.dividend)
        leg = _leg(row)
        stands = option_fact(leg, fact, today) if leg.is_option else NO_OPTION
        found[row.symbol] = StrategyFact(stands, fact.ex_dividend, fact.dividend)
    return found


def _leg(row: PositionView) -> Leg:
    return Leg(
        row.id,
        row.symbol,
        row.asset_type,
        row.underlying,
        row.quantity,
        row.put_call,
        row.strike,
        row.expiration,
    )


def _of_account(account_id: int, rows: list[PositionView], chosen: Chosen, today: date) -> list[StrategyView]:
    """Return one account's strategies, the sums of split rows shared out without losing a cent."""
    by_id = {row.id: row for row in rows}
    by_hand: dict[StrategyChoice, list[Leg]] = {}
    free: list[Leg] = []
    groups_of: dict[object, StrategyChoice] = {}
    for row in rows:
        choice = chosen.get((account_id, row.symbol, row.asset_type))
        if choice is None:
            free.append(_leg(row))
        else:
            by_hand.setdefault(groups_of.setdefault(choice.group, choice), []).append(_leg(row))
    shares = _Shares(by_id)
    views = [_chosen_view(choice, legs, shares, today) for choice, legs in by_hand.items()]
    for underlying, legs in groupby(free, key=lambda leg: leg.underlying):
        for group in recognised(list(legs)):
            sums, missing = shares.sums(group)
            views.append(_view(account_id, underlying, group, (sums, missing), today))
    return sorted(views, key=lambda view: (view.underlying, view.kind == "single"))


class _Shares:
    """Shares a row's figures out among the strategies that its units are in; the last one gets what is left."""

    def __init__(self, rows: dict[int, PositionView]) -> None:
        self.rows = rows
        self.units = {id: abs(row.quantity) for id, row in rows.items()}
        self.left = {id: {name: getattr(row, name) for name in SUMS} for id, row in rows.items()}

    def take(self, part: Part) -> dict[str, Decimal | None]:
        """Return the part's share of its row's figures."""
        id, units, left = part.leg.position_id, abs(part.units), self.left[part.leg.position_id]
        if units == self.units[id]:
            taken = dict(left)
        else:
            share = units / self.units[id]
            taken = {name: None if value is None else _rounded(value * share) for name, value in left.items()}
        self.units[id] -= units
        for name, value in taken.items():
            left[name] = None if value is None else left[name] - value
        return taken

    def sums(self, group: Group) -> Figures:
        """Return a strategy's sums, null with the reason where one of its parts has no such figure."""
        taken = [self.take(part) for part in group.parts]
        sums: dict[str, Decimal | None] = {}
        missing: dict[str, str] = {}
        for name in SUMS:
            known = [value for each in taken if (value := each[name]) is not None]
            sums[name] = sum(known, Decimal(0)) if len(known) == len(taken) else None
            if sums[name] is None:
                missing[name] = "A leg has no such figure."
        return sums, missing


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_EVEN)


def _chosen_view(choice: StrategyChoice, legs: list[Leg], shares: _Shares, today: date) -> StrategyView:
    """Return a group of the trader's own, with the kind that its legs make when they make exactly one."""
    whole = recognised(legs) if len({leg.underlying for leg in legs}) == 1 else []
    parts = tuple(Part(leg, leg.quantity) for leg in legs)
    group = whole[0] if len(whole) == 1 else Group("custom", parts)
    names = {leg.underlying for leg in legs}
    underlying = names.pop() if len(names) == 1 else ""
    view = _view(choice.account_id, underlying, group, shares.sums(group), today)
    name = choice.name or view.name
    return msgspec.structs.replace(view, key=f"chosen-{choice.group}", chosen=True, name=name)


def _view(account_id: int, underlying: str, group: Group, figures: Figures, today: date) -> StrategyView:
    """Return a recognised strategy as it is shown."""
    days = [(part.leg.expiration - today).days for part in group.parts if part.leg.expiration]
    legs = [(part.leg.position_id, part.leg.symbol, part.leg.asset_type, part.units) for part in group.parts]
    return StrategyView(
        key=_key(group),
        account_id=account_id,
        underlying=underlying,
        kind=group.kind,
        name=name_of(group),
        chosen=False,
        parts=legs,
        days_to_expiration=min(days, default=None),
        missing=figures[1],
        **figures[0],
    )


def _key(group: Group) -> str:
    """Return what tells a recognised strategy from its neighbours while its legs are held."""
    ids = "/".join(str(part.leg.position_id) for part in group.parts)
    return f"{group.kind}-{hashlib.blake2b(ids.encode(), digest_size=6).hexdigest()}"
