"""HTTP of reading history back: ask for it, and see how it goes."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos import selectors as book
from desk.problems import Problem
from desk.serializers import ProblemSerializer
from livedata.schwab import errors, historyasking
from livedata.schwab.historyasking import KINDS
from livedata.schwab.models import HistoryProgress


class HistoryRequestSerializer(serializers.Serializer[dict[str, Any]]):
    """Which history of which account, and how far back: an Eastern day of the past year."""

    account_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(choices=KINDS)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is a word of the language and so no name of a field above."""
        return {**super().get_fields(), "from": serializers.DateField()}


class HistoryErrorSerializer(serializers.Serializer[dict[str, Any]]):
    """Why the last window could not be read; Thor tries again by itself."""

    code = serializers.CharField()
    message = serializers.CharField()


class HistoryProgressSerializer(serializers.Serializer[dict[str, Any]]):
    """How the reading of one account's history stands; everything since `reached_back_to` is in the book."""

    account_id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=KINDS)
    state = serializers.ChoiceField(choices=HistoryProgress.State.choices)
    wanted_from = serializers.DateTimeField(allow_null=True)
    reached_back_to = serializers.DateTimeField(allow_null=True)
    pages_done = serializers.IntegerField()
    pages_total = serializers.IntegerField()
    error = HistoryErrorSerializer(allow_null=True)


@method_decorator(never_cache, name="dispatch")
class HistoryView(APIView):
    """History that is read back window by window."""

    @extend_schema(
        operation_id="history",
        responses={200: HistoryProgressSerializer(many=True), 401: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Tell how all readings of the user's accounts stand."""
        rows = historyasking.progress_of_user(request.user)
        return Response([HistoryProgressSerializer(row).data for row in rows])

    @extend_schema(
        operation_id="read_history",
        request=HistoryRequestSerializer,
        responses={
            202: HistoryProgressSerializer,
            400: ProblemSerializer,
            401: ProblemSerializer,
            404: ProblemSerializer,
            409: OpenApiResponse(ProblemSerializer, "The account is not linked: connect Schwab."),
        },
    )
    def post(self, request: Request) -> Response:
        """Have an account's transactions or orders read back to a day, at most a year."""
        form = HistoryRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        account = book.account_of(request.user, form.validated_data["account_id"])
        try:
            progress = historyasking.ask(account, form.validated_data["kind"], form.validated_data["from"])
        except historyasking.BadDay as error:
            raise Problem(400, "invalid_range", str(error)) from error
        except errors.NotConnected as error:
            raise Problem(409, error.code, f"{error} {error.action}") from error
        return Response(HistoryProgressSerializer(historyasking.shown(progress)).data, status=202)
