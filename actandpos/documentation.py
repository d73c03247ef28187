"""Describes the plain views to the schema generator, which knows only views of the REST framework."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos.serializers import ActivitySerializer, PositionsSerializer, SummarySerializer
from desk.serializers import ProblemSerializer

ACCOUNT_ID = OpenApiParameter("account_id", int, required=False, description="One account; all when left out")
TAGGED = (
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag held"),
    OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304]),
)
UNCHANGED = OpenApiResponse(description="Nothing changed since the ETag held")
REFUSALS = {401: ProblemSerializer}
CHOICE_REFUSALS = {400: ProblemSerializer, **REFUSALS, 404: ProblemSerializer}


class AccountsDoc(APIView):
    """Stands in the schema for `views.accounts`."""

    @extend_schema(operation_id="accounts", responses={200: SummarySerializer(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        """The user's accounts, each as in the summary."""
        raise NotImplementedError


class AccountSummaryDoc(APIView):
    """Stands in the schema for `views.account_summary`."""

    @extend_schema(
        operation_id="account_summary",
        parameters=[ACCOUNT_ID],
        responses={200: SummarySerializer, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """One account's figures, or the total of all."""
        raise NotImplementedError


class PositionsDoc(APIView):
    """Stands in the schema for `views.positions`."""

    @extend_schema(
        operation_id="positions",
        parameters=[
            ACCOUNT_ID,
            *TAGGED,
        ],
        responses={
            200: PositionsSerializer,
            304: UNCHANGED,
            **CHOICE_REFUSALS,
        },
    )
    def get(self, request: Request) -> Response:
        """The holdings of one account or of all."""
        raise NotImplementedError


class ActivityTodayDoc(APIView):
    """Stands in the schema for `views.activity_today`."""

    @extend_schema(
        operation_id="activity_today",
        parameters=[ACCOUNT_ID, *TAGGED],
        responses={200: ActivitySerializer, 304: UNCHANGED, **CHOICE_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """The trading day in US Eastern: orders by group, the holdings, and whether the account may trade."""
        raise NotImplementedError
