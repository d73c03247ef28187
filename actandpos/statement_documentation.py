"""Describes the statement to the schema generator."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos.documentation import ACCOUNT_ID, CHOICE_REFUSALS
from actandpos.serializers import ASSET_TYPES

KINDS = (
    *("trade", "option_event", "dividend", "interest", "fee", "deposit", "withdrawal", "transfer"),
    "other",
)
DAYS = [
    OpenApiParameter(
        "from", OpenApiTypes.DATE, required=False, description="Eastern day; 1 January if left out"
    ),
    OpenApiParameter(
        "to", OpenApiTypes.DATE, required=False, description="Eastern day, included; today if left out"
    ),
]
NOT_MODIFIED = OpenApiResponse(description="Nothing changed since the ETag held")


def _figure(**kwargs: Any) -> serializers.CharField:
    """A decimal number as text; null when it is not known."""
    return serializers.CharField(allow_null=True, **kwargs)


def _missing() -> serializers.DictField:
    return serializers.DictField(
        child=serializers.CharField(), help_text="Why a figure is null, or what its sum leaves out"
    )


class TransactionSerializer(serializers.Serializer[Any]):
    """One transaction; what is pending, invalid or listed no more counts in no sum."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    at = serializers.DateTimeField()
    trade_date = serializers.DateField()
    settlement_date = serializers.DateField(allow_null=True)
    kind = serializers.ChoiceField(KINDS)
    broker_type = serializers.CharField(help_text="The broker's own word")
    status = serializers.CharField(help_text="UNLISTED: the broker lists it no more")
    symbol = _figure()
    underlying = _figure()
    asset_type = serializers.ChoiceField(ASSET_TYPES, allow_null=True)
    description = serializers.CharField()
    quantity = _figure(help_text="Signed: received positive")
    price = _figure()
    amount = _figure(help_text="Signed effect on cash before fees")
    fees = _figure(help_text="Paid positive")
    net_amount = _figure(help_text="Signed effect on cash")
    position_effect = _figure()
    order_id = serializers.IntegerField(allow_null=True)
    missing = _missing()


class RealizedSymbolSerializer(serializers.Serializer[Any]):
    """What closing one symbol brought; sums are of what could be matched."""

    symbol = serializers.CharField()
    underlying = serializers.CharField()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    quantity = serializers.CharField(help_text="Units closed, without sign")
    proceeds = serializers.CharField()
    cost = serializers.CharField(help_text="Signed cash of the opening: a buy negative")
    fees = serializers.CharField()
    pl = _figure(help_text="proceeds + cost − fees; null when nothing could be matched")
    unmatched_quantity = serializers.CharField()


class RealizedDaySerializer(serializers.Serializer[Any]):
    """P/L and fees of an Eastern day."""

    day = serializers.DateField()
    pl = serializers.CharField()
    fees = serializers.CharField()


class RealizedMonthSerializer(serializers.Serializer[Any]):
    """P/L and fees of a month."""

    month = serializers.CharField(help_text="YYYY-MM")
    pl = serializers.CharField()
    fees = serializers.CharField()


class RealizedYearSerializer(serializers.Serializer[Any]):
    """P/L and fees of a year."""

    year = serializers.IntegerField()
    pl = serializers.CharField()
    fees = serializers.CharField()


class RealizedSerializer(serializers.Serializer[Any]):
    """What was realized, by symbol and by period."""

    by_symbol = RealizedSymbolSerializer(many=True)
    by_day = RealizedDaySerializer(many=True)
    by_month = RealizedMonthSerializer(many=True)
    by_year = RealizedYearSerializer(many=True)


class StatementTotalsSerializer(serializers.Serializer[Any]):
    """What the range adds up to; null while transactions were never read."""

    realized_pl = _figure()
    fees = _figure()
    dividends = _figure()
    interest = _figure()
    deposits = _figure()
    withdrawals = _figure()
    net_amount = _figure()
    transactions = serializers.IntegerField()


class UnmatchedSerializer(serializers.Serializer[Any]):
    """Units closed whose gain nobody can know."""

    symbol = serializers.CharField()
    quantity = serializers.CharField()
    closed_at = serializers.DateTimeField()
    reason = serializers.CharField()


class RejectedTransactionSerializer(serializers.Serializer[Any]):
    """A transaction that could not be read."""

    reason = serializers.CharField()
    seen_at = serializers.DateTimeField()


class StatementSerializer(serializers.Serializer[Any]):
    """Transactions, newest first, with realized P/L of a range of Eastern days."""

    account_id = serializers.IntegerField(allow_null=True)
    to = serializers.DateField()
    transactions_checked_at = serializers.DateTimeField(allow_null=True, help_text="Null: never read")
    known_from = serializers.DateField(allow_null=True, help_text="Earlier ones are not in the book")
    transactions = TransactionSerializer(many=True)
    realized = RealizedSerializer()
    totals = StatementTotalsSerializer()
    unmatched = UnmatchedSerializer(many=True)
    rejected = RejectedTransactionSerializer(many=True)
    method = serializers.CharField(help_text="Which lot is closed first: FIFO, LIFO, HIGH_COST, LOW_COST")
    missing = _missing()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is a word of the language and so no name of a field above."""
        return {"from": serializers.DateField(), **super().get_fields()}


class YearSoFarSerializer(serializers.Serializer[Any]):
    """The P/L since the first of January in US Eastern."""

    account_id = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField()
    realized = _figure()
    open = _figure(help_text="P/L open of what is held")
    total = _figure(help_text="realized + open")
    dividends = _figure()
    interest = _figure()
    fees = _figure()
    known_from = serializers.DateField(allow_null=True)
    missing = _missing()


class StatementDoc(APIView):
    """Stands in the schema for `statement_views.statement`."""

    @extend_schema(
        operation_id="statement",
        parameters=[ACCOUNT_ID, *DAYS],
        responses={200: StatementSerializer, 304: NOT_MODIFIED, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Transactions, realized P/L and totals of a range, of one account or of all."""
        raise NotImplementedError


class StatementCsvDoc(APIView):
    """Stands in the schema for `statement_views.csv`."""

    @extend_schema(
        operation_id="statement_csv",
        parameters=[ACCOUNT_ID, *DAYS],
        responses={(200, "text/csv"): OpenApiTypes.STR, 304: NOT_MODIFIED, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """The same transactions as a file."""
        raise NotImplementedError


class YearSoFarDoc(APIView):
    """Stands in the schema for `statement_views.pl_ytd`."""

    @extend_schema(
        operation_id="pl_ytd",
        parameters=[ACCOUNT_ID],
        responses={200: YearSoFarSerializer, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """The P/L of the year so far, of one account or of all."""
        raise NotImplementedError
