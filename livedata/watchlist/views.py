"""HTTP of the watchlist."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.people import signed_in
from desk.serializers import ProblemSerializer
from livedata.watchlist.selectors import watched_by
from livedata.watchlist.serializers import WatchlistSerializer
from livedata.watchlist.services import set_watchlist


@method_decorator(never_cache, name="dispatch")
class WatchlistView(APIView):
    """The person's own watchlist."""

    @extend_schema(operation_id="watchlist", responses={200: WatchlistSerializer, 401: ProblemSerializer})
    def get(self, request: Request) -> Response:
        """Return the symbols in order."""
        return Response({"symbols": watched_by(signed_in(request))})

    @extend_schema(
        operation_id="set_watchlist",
        request=WatchlistSerializer,
        responses={200: WatchlistSerializer, 400: ProblemSerializer, 401: ProblemSerializer},
    )
    def put(self, request: Request) -> Response:
        """Replace the symbols by these, in this order; each counts once."""
        form = WatchlistSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response({"symbols": set_watchlist(signed_in(request), form.validated_data["symbols"])})
