"""One order over HTTP."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos.documentation import REFUSALS
from actandpos.order_serializers import OrderDetailSerializer
from actandpos.order_wire import detail_dict
from actandpos.selectors.orderdetail import order_detail
from actandpos.views import json_answer, reading
from desk.serializers import ProblemSerializer


def order(request: HttpRequest, order_id: str) -> HttpResponseBase:
    """One of the user's own orders with all that belongs to it."""
    return reading(partial(_order, order_id=int(order_id)))(request)


def _order(request: HttpRequest, *, order_id: int) -> HttpResponseBase:
    return json_answer(detail_dict(order_detail(request.user, order_id)))


class OrderDoc(APIView):
    """Stands in the schema for `order`."""

    @extend_schema(
        operation_id="order",
        responses={200: OrderDetailSerializer, **REFUSALS, 404: ProblemSerializer},
    )
    def get(self, request: Request, order_id: int) -> Response:
        """One order with its parent, all that hangs under it, its fills and its timeline."""
        raise NotImplementedError
