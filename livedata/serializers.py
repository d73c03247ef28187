"""Shapes of live data over HTTP."""

from typing import Any

from rest_framework import serializers

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
