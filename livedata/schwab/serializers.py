"""Shapes of the broker's answers over HTTP."""

from typing import Any

from rest_framework import serializers

from livedata.schwab.errors import OAUTH_REASONS
from livedata.schwab.models import SOURCES, SyncRun
from livedata.schwab.runs import TRIGGERS
from livedata.schwab.streamer.state import STATES as STREAM_STATES

STATES = ("none", "connected", "expiring", "reauth_required")


class LastSyncSerializer(serializers.Serializer[dict[str, Any]]):
    """One sync."""

    kind = serializers.ChoiceField(choices=SOURCES)
    trigger = serializers.ChoiceField(choices=TRIGGERS)
    outcome = serializers.ChoiceField(choices=SyncRun.Outcome.choices)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class SourceSerializer(serializers.Serializer[dict[str, Any]]):
    """One source of figures and its last answers."""

    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]  # DRF fields have a `source` too
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_outcome = serializers.ChoiceField(choices=SyncRun.Outcome.choices, allow_null=True)
    reason = serializers.CharField()


class LastErrorSerializer(serializers.Serializer[dict[str, Any]]):
    """What happened, and what to do."""

    code = serializers.CharField()
    message = serializers.CharField()
    action = serializers.CharField()
    at = serializers.DateTimeField()


class StreamSerializer(serializers.Serializer[dict[str, Any]]):
    """How quotes and marks arrive: by the streamer, by polling, or not at all, and why."""

    state = serializers.ChoiceField(choices=STREAM_STATES)
    reason = serializers.CharField()
    last_tick_at = serializers.DateTimeField(allow_null=True)
    symbols = serializers.IntegerField(help_text="How many symbols the streamer carries")
    polled_symbols = serializers.ListField(child=serializers.CharField())


class ConnectionSerializer(serializers.Serializer[dict[str, Any]]):
    """The link to Schwab. `login_ends_at` is the end of the 7-day login."""

    state = serializers.ChoiceField(choices=STATES)
    app_configured = serializers.BooleanField()
    callback_url = serializers.CharField()
    connected_at = serializers.DateTimeField(allow_null=True)
    access_expires_at = serializers.DateTimeField(allow_null=True)
    login_ends_at = serializers.DateTimeField(allow_null=True)
    syncing = serializers.BooleanField()
    next_sync_at = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_sync = LastSyncSerializer(allow_null=True)
    sources = SourceSerializer(many=True)
    last_error = LastErrorSerializer(allow_null=True)
    stream = StreamSerializer()


class PasteSerializer(serializers.Serializer[dict[str, Any]]):
    """The address that the browser could not open."""

    address = serializers.CharField(max_length=4000)


class PasteProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """Why connecting failed."""

    detail = serializers.CharField()
    code = serializers.ChoiceField(choices=OAUTH_REASONS)


class RefreshSerializer(serializers.Serializer[dict[str, Any]]):
    """Who asks: the opened page (only when the data is old) or a hand on the button."""

    trigger = serializers.ChoiceField(choices=("open", "manual"), default="manual")


class RefreshAnswerSerializer(serializers.Serializer[dict[str, Any]]):
    """Whether a sync is on its way, in words."""

    queued = serializers.BooleanField()
    detail = serializers.CharField()
