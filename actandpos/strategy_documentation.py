"""Describes the strategies to the schema generator."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos.documentation import ACCOUNT_ID, CHOICE_REFUSALS
from actandpos.serializers import ASSET_TYPES

KINDS = (
    *("covered_call", "vertical", "calendar", "diagonal", "straddle", "strangle", "iron_condor"),
    *("butterfly", "collar", "custom", "single"),
)
RISKS = ["none", "watch", "high"]


class StrategyLegSerializer(serializers.Serializer[Any]):
    """Units of a position that belong to a strategy; `quantity` is signed."""

    position_id = serializers.IntegerField()
    symbol = serializers.CharField()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    quantity = serializers.CharField()


class StrategySerializer(serializers.Serializer[Any]):
    """Legs that belong together; the sums, in US dollars, are those of the broker's last answer."""

    key = serializers.CharField()
    account_id = serializers.IntegerField()
    underlying = serializers.CharField(help_text="Empty where the trader put several together")
    kind = serializers.ChoiceField(KINDS)
    name = serializers.CharField()
    chosen = serializers.BooleanField(help_text="Put together by hand")
    legs = StrategyLegSerializer(many=True)
    market_value = serializers.CharField(allow_null=True)
    cost_basis = serializers.CharField(allow_null=True)
    pl_open = serializers.CharField(allow_null=True)
    pl_day = serializers.CharField(allow_null=True)
    days_to_expiration = serializers.IntegerField(allow_null=True)
    missing = serializers.DictField(child=serializers.CharField())


class StrategyFactSerializer(serializers.Serializer[Any]):
    """How one held symbol stands against its underlying, and the dividend."""

    in_the_money = serializers.BooleanField(allow_null=True)
    moneyness_percent = serializers.CharField(
        allow_null=True, help_text="Of the strike; positive in the money"
    )
    assignment_risk = serializers.ChoiceField(RISKS, allow_null=True, help_text="Of short options")
    assignment_reason = serializers.CharField(allow_blank=True)
    ex_dividend_date = serializers.DateField(allow_null=True)
    dividend_amount = serializers.CharField(allow_null=True)


class StrategiesSerializer(serializers.Serializer[Any]):
    """The holdings as strategies; `facts` by symbol."""

    account_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    strategies = StrategySerializer(many=True)
    facts = serializers.DictField(child=StrategyFactSerializer())


class ChosenLegSerializer(serializers.Serializer[Any]):
    """A leg by what identifies a position inside its account."""

    symbol = serializers.CharField()
    asset_type = serializers.ChoiceField(ASSET_TYPES)


class ChosenGroupSerializer(serializers.Serializer[Any]):
    """Legs to be shown together."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=60)
    legs = ChosenLegSerializer(many=True)


class RegroupSerializer(serializers.Serializer[Any]):
    """All groups of one account; without any, everything is recognised by itself again."""

    account_id = serializers.IntegerField()
    groups = ChosenGroupSerializer(many=True)


class StrategiesDoc(APIView):
    """Stands in the schema for `strategy_views.strategies_of`."""

    @extend_schema(
        operation_id="strategies",
        parameters=[ACCOUNT_ID],
        responses={200: StrategiesSerializer, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """The holdings as strategies, of one account or of all."""
        raise NotImplementedError

    @extend_schema(
        operation_id="regroup",
        request=RegroupSerializer,
        responses={200: StrategiesSerializer, **CHOICE_REFUSALS},
    )
    def put(self, request: Request) -> Response:
        """Put legs together by hand; answers the account's strategies."""
        raise NotImplementedError
