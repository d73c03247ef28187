"""Shapes of live data over HTTP."""

from typing import Any

from rest_framework import serializers

from livedata.quotes import FIGURES

SESSIONS = ("pre", "regular", "post", "closed", "holiday")
SOURCES = ("schwab", "calendar")


class MarketSessionSerializer(serializers.Serializer[dict[str, Any]]):
    """The US equity market's session: what it is now, and when it changes into what."""

    session = serializers.ChoiceField(choices=SESSIONS)
    name = serializers.CharField(allow_null=True, help_text="The holiday's name")
    trading_day = serializers.DateField(help_text="Today in New York")
    changes_at = serializers.DateTimeField()
    next_session = serializers.ChoiceField(choices=SESSIONS)
    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]  # DRF fields have a `source` too
    now = serializers.DateTimeField(help_text="The server's clock, to count down by")


MOST_SYMBOLS = 200
QUOTE_SOURCES = ("stream", "poll")


class QuotesQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Which symbols are asked for."""

    symbols = serializers.CharField(
        trim_whitespace=False,
        max_length=40 * MOST_SYMBOLS,
        help_text="Separated by commas, at most 200; options in the 21 characters of their full name",
    )

    def validate_symbols(self, value: str) -> list[str]:
        """Return the symbols, each once."""
        symbols = list(dict.fromkeys(each.strip().upper() for each in value.split(",") if each.strip()))
        if not 0 < len(symbols) <= MOST_SYMBOLS:
            raise serializers.ValidationError(f"Between 1 and {MOST_SYMBOLS} symbols, please.")
        return symbols


class QuoteSerializer(serializers.Serializer[dict[str, Any]]):
    """One quote; amounts are decimal text, null where the broker sent none. `close` is the previous close."""

    type = serializers.ChoiceField(choices=("quote",))
    symbol = serializers.CharField()
    quote_time = serializers.DateTimeField(allow_null=True)
    trade_time = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()
    status = serializers.CharField(allow_null=True)
    source = serializers.ChoiceField(choices=QUOTE_SOURCES)  # type: ignore[assignment]  # DRF fields have a `source` too
    stale = serializers.BooleanField(help_text="Older than the market's session allows")
    halted = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        """Add the figures, which are all alike."""
        figures = {name: serializers.CharField(allow_null=True) for name in FIGURES}
        return {**super().get_fields(), **figures}


class QuotesSerializer(serializers.Serializer[dict[str, Any]]):
    """Quotes in the order asked for; `unknown` lists symbols that nobody has a quote of."""

    quotes = QuoteSerializer(many=True)
    unknown = serializers.ListField(child=serializers.CharField())
