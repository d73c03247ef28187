"""HTTP of live data."""

import msgspec
import redis
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.problems import Problem
from desk.serializers import ProblemSerializer
from livedata.freshness import allowance_at
from livedata.market import session_at
from livedata.quotes import read_quotes
from livedata.serializers import MarketSessionSerializer, QuotesQuerySerializer, QuotesSerializer


@method_decorator(never_cache, name="dispatch")
class MarketSessionView(APIView):
    """The market's session."""

    @extend_schema(
        operation_id="market_session", responses={200: MarketSessionSerializer, 401: ProblemSerializer}
    )
    def get(self, request: Request) -> Response:
        """Tell the session now and its next change."""
        session = session_at(timezone.now())
        return Response(MarketSessionSerializer(msgspec.structs.asdict(session)).data)


@method_decorator(never_cache, name="dispatch")
class QuotesView(APIView):
    """The quotes that Thor follows."""

    @extend_schema(
        operation_id="quotes",
        parameters=[QuotesQuerySerializer],
        responses={
            200: QuotesSerializer,
            400: ProblemSerializer,
            401: ProblemSerializer,
            503: ProblemSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        """Return the latest quotes of symbols that are held or watched."""
        form = QuotesQuerySerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        now = timezone.now()
        try:
            found = read_quotes(form.validated_data["symbols"], allowance_at(now), now)
        except redis.RedisError as error:
            raise Problem(503, "bus_down", "Quotes cannot be read: Redis does not answer.") from error
        return Response({"quotes": found.quotes, "unknown": found.unknown})
