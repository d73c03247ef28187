"""What else was asked with an order, in Schwab's own words, and why a figure of it is not there."""

from decimal import Decimal

from actandpos.plain import instant, plain
from livedata.schwab import wire
from livedata.schwab.numbers import price
from livedata.schwab.times import moment_of

LONGEST = 64
STOPS = ("STOP", "STOP_LIMIT", "TRAILING_STOP", "TRAILING_STOP_LIMIT")
WITHOUT_LIMIT = ("MARKET", "STOP", "TRAILING_STOP", "MARKET_ON_CLOSE", "EXERCISE", "NET_ZERO")
SHELL = "It only holds other orders together; Schwab sends no figures for it."


def terms_of(order: wire.OrderWire) -> dict[str, str]:
    """Return what else was asked: text by name, only what Schwab sent."""
    (leg,) = found if len(found := order.order_leg_collection or []) == 1 else (None,)
    words: dict[str, str | None] = {
        "stop_type": order.stop_type,
        "trail_basis": order.stop_price_link_basis,
        "trail_type": order.stop_price_link_type,
        "trail_offset": plain(price(order.stop_price_offset, "stopPriceOffset")),
        "price_basis": order.price_link_basis,
        "price_type": order.price_link_type,
        "activation_price": plain(price(order.activation_price, "activationPrice")),
        "special_instruction": order.special_instruction,
        "tax_lot_method": order.tax_lot_method,
        "release_at": instant(moment_of(order.release_time)),
        "destination": order.destination_link_name or order.requested_destination,
        "source": order.tag,
        "quantity_type": leg.quantity_type if leg else None,
        "div_cap_gains": leg.div_cap_gains if leg else None,
        "to_symbol": leg.to_symbol if leg else None,
    }
    return {name: word[:LONGEST] for name, word in words.items() if word}


def why_null(order: wire.OrderWire, figures: dict[str, Decimal | None]) -> dict[str, str]:
    """Return why figures of an order (`quantity`, `filled_quantity`, `limit_price`, `stop_price`) are null."""
    null = [name for name, value in figures.items() if value is None]
    if not order.order_leg_collection:
        return dict.fromkeys(null, SHELL)
    kind = order.order_type
    word = kind.replace("_", " ").lower()
    reasons = {
        "quantity": "Schwab did not send quantity.",
        "filled_quantity": "Schwab did not send filledQuantity.",
        "limit_price": f"A {word} order has no limit price."
        if kind in WITHOUT_LIMIT
        else "Schwab did not send price.",
        "stop_price": "Schwab did not send stopPrice."
        if kind in STOPS
        else "Only stop orders have a stop price.",
    }
    return {name: reasons[name] for name in null}
