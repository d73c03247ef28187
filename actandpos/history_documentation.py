"""Describes the net liquidating value over time to the schema generator."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos.documentation import ACCOUNT_ID, CHOICE_REFUSALS
from actandpos.selectors.net_liq import RANGES


class NetLiqPointSerializer(serializers.Serializer[Any]):
    """What the accounts were worth at a moment, in US dollars."""

    at = serializers.DateTimeField()
    net_liq = serializers.CharField()


class FlowSerializer(serializers.Serializer[Any]):
    """What was paid in (positive) or out."""

    at = serializers.DateTimeField()
    amount = serializers.CharField()
    kind = serializers.ChoiceField(["deposit", "withdrawal", "transfer"])


class NetLiqHistorySerializer(serializers.Serializer[Any]):
    """The net liquidating value over a range, oldest point first."""

    account_id = serializers.IntegerField(allow_null=True)
    range = serializers.ChoiceField(RANGES)
    to = serializers.DateTimeField()
    previous_close = serializers.CharField(allow_null=True, help_text="The base line of a single day")
    points = NetLiqPointSerializer(many=True)
    flows = FlowSerializer(many=True)
    change = serializers.CharField(allow_null=True)
    return_percent = serializers.CharField(
        allow_null=True, help_text="Modified Dietz: what was paid in or out counts for the time it was there"
    )
    missing = serializers.DictField(child=serializers.CharField())

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is a word of the language and so no name of a field above."""
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class NetLiqDoc(APIView):
    """Stands in the schema for `history_views.net_liq`."""

    @extend_schema(
        operation_id="net_liq",
        parameters=[ACCOUNT_ID, OpenApiParameter("range", str, enum=RANGES, required=False)],
        responses={200: NetLiqHistorySerializer, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """The net liquidating value over time, of one account or of all."""
        raise NotImplementedError
