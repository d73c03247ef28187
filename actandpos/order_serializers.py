"""The exact keys and types of one order's detail, for the schema; `order_wire` writes the bytes."""

from typing import Any

from rest_framework import serializers

from actandpos.selectors.timeline import RANKS
from actandpos.serializers import OrderSerializer


class OrderFillSerializer(serializers.Serializer[Any]):
    """One execution of one leg."""

    leg_id = serializers.IntegerField(help_text="0: the broker did not say which leg")
    symbol = serializers.CharField()
    side = serializers.CharField()
    quantity = serializers.CharField()
    price = serializers.CharField()
    filled_at = serializers.DateTimeField(allow_null=True)


class TimelineEntrySerializer(serializers.Serializer[Any]):
    """One line of the life of an order and of those that belong to it."""

    at = serializers.DateTimeField()
    noticed = serializers.BooleanField(help_text="`at` is when it was seen: the broker tells no time for it")
    kind = serializers.ChoiceField(list(RANKS))
    status = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    quantity = serializers.CharField(allow_null=True)
    price = serializers.CharField(allow_null=True)
    order_id = serializers.IntegerField(help_text="Whose line it is")


class OrderDetailSerializer(serializers.Serializer[Any]):
    """One order with its parent, all that hangs under it, its own fills and the life of all of them."""

    order = OrderSerializer()
    parent = OrderSerializer(allow_null=True)
    children = OrderSerializer(many=True)
    fills = OrderFillSerializer(many=True)
    timeline = TimelineEntrySerializer(many=True)
