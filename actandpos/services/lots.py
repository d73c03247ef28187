"""Matches what was closed with what was opened: open lots and realized P/L, from movements alone. Pure.

The conventions (which lot goes first, fees, assignment) are in docs/decisions/realized.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from actandpos.services.lots_links import Step, steps_of
from actandpos.services.lots_parts import nobodys, outlay, premium, share, spread
from actandpos.services.lots_types import ZERO, Event, Lot, Matched, Part, Realized

OLDER = "It was opened before the known history, so its cost is not known."
NO_COST = "What was paid or received is not known."
NO_AMOUNT = "The broker did not send what this moved."
LEFT_EARLY = "The option left before it expired, and no delivery of shares belongs to it."
NO_DELIVERY = "The option was assigned or exercised, and no delivery of shares belongs to it."
DELIVERED = ("ASSIGN", "EXERCISE")
SIX = Decimal("0.000001")


def match(
    events: Iterable[Event],
    *,
    method: str = "FIFO",
    lots: Mapping[str, Sequence[Lot]] | None = None,
    opening: Mapping[str, Lot] | None = None,
) -> Matched:
    """Return what is open and what was realized after some movements.

    `lots` are those open before the first movement, for going on where an earlier matching ended. `opening` is
    what was held before the history began, with unknown cost; null when nobody knows.
    """
    book = _Book(method, lots or {}, opening)
    for step in steps_of(list(events)):
        book.take(step)
    return Matched(lots=book.lots, realized=book.realized, closed_ids=book.closed_ids)


class _Book:
    """The lots as they stand between two movements. All lots of a symbol have one sign."""

    def __init__(
        self, method: str, lots: Mapping[str, Sequence[Lot]], opening: Mapping[str, Lot] | None
    ) -> None:
        self.method = method
        self.lots = {symbol: [replace(lot) for lot in each] for symbol, each in lots.items()}
        self.realized: list[Realized] = []
        self.closed_ids: list[int] = []
        self.knows_opening = opening is not None
        for symbol, lot in (opening or {}).items():
            self.lots.setdefault(symbol, []).insert(0, lot)

    def take(self, step: Step) -> None:
        """Do one thing."""
        event = step.event
        if step.successor is not None:
            self._exchange(event, step.successor)
        elif step.delivery is not None:
            self._deliver(event, step.delivery)
        elif event.kind == "option_event" and not event.cost:
            self._option_left(event)
        elif event.kind == "transfer" and not event.cost:
            self._transfer(event)
        else:
            self._trade(event)

    def _trade(self, event: Event) -> None:
        """Close open lots of the other side, then open a new one with the rest."""
        parts, rest = self._out(event)
        if rest and self._opens(event):
            fees, left = spread(event.fees, parts, event.quantity)
            proceeds, amount = spread(event.cost, parts, event.quantity)
            self._realize_all(event, parts, proceeds, fees)
            self._open(event, rest, amount, left or ZERO)
        else:
            self._close(event, [*parts, *nobodys(rest)], event.cost)

    def _opens(self, event: Event) -> bool:
        """Tell whether what no lot answers opens one. Where it is not said, it does if all that was held is known."""
        return self.knows_opening if event.may_open is None else event.may_open

    def _option_left(self, event: Event) -> None:
        """An option left without cash: it expired worthless, was moved, or nobody can say."""
        parts, rest = self._out(event)
        over = event.expiration is not None and event.day >= event.expiration
        if any(word in event.text.upper() for word in DELIVERED):
            self._close(event, parts, None, NO_DELIVERY)
        elif over or "EXPIR" in event.text.upper():
            self._close(event, parts, ZERO)
        else:
            self._close(event, parts, None, LEFT_EARLY)
        if rest and not over and self._opens(event):
            self._open(event, rest, None, ZERO)
        else:
            self._close(event, nobodys(rest), ZERO)

    def _deliver(self, option: Event, shares: Event) -> None:
        """Close an assigned or exercised option without P/L: its premium becomes part of the shares' amount."""
        parts, rest = self._out(option)
        parts += nobodys(rest)
        fees, _ = spread(option.fees, parts, option.quantity)
        carried = [premium(part, fee) for part, fee in zip(parts, fees, strict=True)]
        self._realize_all(option, parts, [None if each is None else -each for each in carried], fees)
        known = [each for each in carried if each is not None]
        complete = len(known) == len(carried) and shares.cost is not None
        total = sum(known, shares.cost or ZERO) if complete else None
        self._trade(
            replace(shares, cost=total, may_open=True if shares.quantity > 0 or shares.may_open else None)
        )

    def _transfer(self, event: Event) -> None:
        """Units came or went without cash: no gain. What came has an unknown cost, what went takes its lots along."""
        parts, rest = self._out(event)
        if event.quantity > 0:
            self._close(event, parts, None, NO_COST)
        if rest and (rest > 0 or self.knows_opening):
            self._open(event, rest, None, ZERO)

    def _exchange(self, old: Event, new: Event) -> None:
        """Replace all units of one symbol by those of another (or by more, or fewer): costs and times stay."""
        held = self.lots.get(old.symbol, [])
        total = sum((lot.quantity for lot in held), ZERO)
        if total != -old.quantity:
            self._transfer(old)
            self._transfer(new)
            return
        self.lots[old.symbol] = []
        self.closed_ids += [lot.id for lot in held if lot.id is not None]
        left_old, left_new = total, new.quantity
        for lot in held:
            units = (
                left_new if lot.quantity == left_old else (left_new * lot.quantity / left_old).quantize(SIX)
            )
            left_old, left_new = left_old - lot.quantity, left_new - units
            price = None if lot.price is None or not units else lot.price * lot.quantity / units
            names = {"symbol": new.symbol, "underlying": new.underlying, "asset_type": new.asset_type}
            moved = replace(
                lot, **names, quantity=units, id=None, price=price and price.quantize(Decimal("1E-8"))
            )
            self.lots.setdefault(new.symbol, []).append(moved)

    def _out(self, event: Event) -> tuple[list[Part], Decimal]:
        """Take units of the other side out of the lots; return them and what of the movement is left."""
        lots, rest, parts = self.lots.setdefault(event.symbol, []), event.quantity, []
        for lot in self._in_turn(lots, event):
            if not rest:
                break
            units = -rest if abs(rest) < abs(lot.quantity) else lot.quantity
            gross = None if lot.gross is None else share(lot.gross, units, lot.quantity)
            part = Part(lot=lot, quantity=units, gross=gross, fees=share(lot.fees, units, lot.quantity))
            parts.append(part)
            lot.quantity -= units
            lot.gross = None if gross is None or lot.gross is None else lot.gross - gross
            lot.fees -= part.fees
            rest += units
        self.closed_ids += [lot.id for lot in lots if not lot.quantity and lot.id is not None]
        self.lots[event.symbol] = [lot for lot in lots if lot.quantity]
        return parts, rest

    def _in_turn(self, lots: list[Lot], event: Event) -> list[Lot]:
        """Return the lots of the other side in the order in which they go; those of unknown cost go first."""
        others = [lot for lot in lots if (lot.quantity > 0) != (event.quantity > 0)]
        if self.method == "LIFO":
            return others[::-1]
        if self.method in ("HIGH_COST", "LOW_COST"):
            unknown = [lot for lot in others if lot.gross is None]
            known = [lot for lot in others if lot.gross is not None]
            return unknown + sorted(known, key=outlay, reverse=self.method == "HIGH_COST")
        return others

    def _open(self, event: Event, units: Decimal, gross: Decimal | None, fees: Decimal) -> None:
        """Open a lot."""
        lot = Lot(
            symbol=event.symbol,
            underlying=event.underlying,
            asset_type=event.asset_type,
            quantity=units,
            gross=gross,
            fees=fees if gross is not None else ZERO,
            price=event.price if gross is not None else None,
            opened_by=event.transaction_id,
            opened_at=event.at,
        )
        self.lots.setdefault(event.symbol, []).append(lot)

    def _close(self, event: Event, parts: Sequence[Part], cash: Decimal | None, reason: str = "") -> None:
        """Realize parts closed by a movement, each with its share of the movement's cash and fees."""
        fees, _ = spread(event.fees, parts, event.quantity)
        proceeds, _ = spread(cash, parts, event.quantity)
        self._realize_all(event, parts, proceeds, fees, reason)

    def _realize_all(
        self,
        event: Event,
        parts: Sequence[Part],
        proceeds: Sequence[Decimal | None],
        fees: Sequence[Decimal | None],
        reason: str = "",
    ) -> None:
        """Note what closing each of some parts brought."""
        for part, amount, fee in zip(parts, proceeds, fees, strict=True):
            self._realize(event, part, amount, fee or ZERO, reason)

    def _realize(
        self, event: Event, part: Part, proceeds: Decimal | None, fees: Decimal, reason: str = ""
    ) -> None:
        """Note what closing one part brought."""
        if part.gross is None and not reason:
            reason = NO_COST if part.lot is not None and part.lot.opened_by else OLDER
        if proceeds is None and not reason:
            reason = NO_AMOUNT
        all_fees = part.fees + fees
        known = None if part.gross is None or proceeds is None else proceeds + part.gross - all_fees
        self.realized.append(
            Realized(
                symbol=event.symbol,
                underlying=event.underlying,
                asset_type=event.asset_type,
                opened_by=None if part.lot is None else part.lot.opened_by,
                opened_at=None if part.lot is None else part.lot.opened_at,
                closed_by=event.transaction_id,
                closed_at=event.at,
                day=event.day,
                quantity=part.quantity,
                proceeds=proceeds,
                cost=part.gross,
                fees=all_fees,
                pl=known,
                unmatched="" if known is not None else reason,
            )
        )
