"""Shape of the watchlist over HTTP."""

import re
from typing import Any

from rest_framework import serializers

MOST_SYMBOLS = 200
OPTION = re.compile(r"([A-Z0-9./$]{1,6}) *([0-9]{6}[CP][0-9]{8})")
SYMBOL = re.compile(r"[A-Z0-9.$/^_-]{1,20}")
WRONG = "{!r} cannot be a symbol."


class SymbolField(serializers.CharField):
    """A symbol in capitals; options in the 21 characters of their full name."""

    def to_internal_value(self, data: Any) -> str:
        """Return the symbol as Schwab spells it."""
        text = super().to_internal_value(data).upper()
        if option := OPTION.fullmatch(text):
            return f"{option[1]:<6}{option[2]}"
        if not SYMBOL.fullmatch(text):
            raise serializers.ValidationError(WRONG.format(text))
        return text


class WatchlistSerializer(serializers.Serializer[dict[str, Any]]):
    """The person's symbols in order."""

    symbols = serializers.ListField(child=SymbolField(max_length=32), max_length=MOST_SYMBOLS)
