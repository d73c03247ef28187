"""Thor's addresses, and beside them what the read path is compared with: the same bytes without any work."""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.serializers import ModelSerializer

from actandpos.models import Position
from actandpos.views import reading
from thor.urls import handler404, urlpatterns

__all__ = ["handler404", "urlpatterns"]

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()


def bare(_: HttpRequest) -> HttpResponseBase:
    """Answer with the bytes."""
    return HttpResponse(BODY, content_type="application/json")


class Rows(ModelSerializer[Position]):
    """All columns of a position."""

    class Meta:
        model = Position
        fields = "__all__"


class RowsView(ListAPIView[Position]):
    """The holdings as the framework's tutorial shows them."""

    queryset = Position.objects.all()
    serializer_class = Rows


urlpatterns += [
    path("bench/bare", bare),
    path("bench/signed-in", reading(bare)),
    path("bench/serializer", RowsView.as_view()),
]
