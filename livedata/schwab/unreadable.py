"""What cannot be read of an answer: which errors say so, why in words, and whose it was as far as that can be told."""

import msgspec

from livedata.schwab import wire
from livedata.schwab.identity import padded_number
from livedata.schwab.numbers import UnusableNumber

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnusableNumber)

_number = msgspec.json.Decoder(wire.NumberOnly)
_symbol = msgspec.json.Decoder(wire.RowSymbol)


def number_of(raw: msgspec.Raw) -> str | None:
    """Return the account number of an unreadable account, if even that can be read."""
    try:
        number = _number.decode(raw).account_number
    except UNREADABLE:
        return None
    return padded_number(number) if number is not None else None


def symbol_of(raw: msgspec.Raw) -> str | None:
    """Return the symbol of an unreadable row, if even that can be read."""
    try:
        instrument = _symbol.decode(raw).instrument
    except UNREADABLE:
        return None
    return instrument.symbol if instrument else None


def reason_of(error: Exception) -> str:
    """Say why something could not be read. The libraries' texts name places and types, never values."""
    return "It is nested too deeply." if isinstance(error, RecursionError) else str(error)[:300]
