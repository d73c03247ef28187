"""HTTP of live data."""

import msgspec
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.serializers import ProblemSerializer
from livedata.market import session_at
from livedata.serializers import MarketSessionSerializer


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
