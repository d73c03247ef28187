"""Routes of live data, under `/api/livedata/`."""

from django.urls import re_path

from livedata.views import MarketSessionView

urlpatterns = [re_path(r"^session/?$", MarketSessionView.as_view(), name="market-session")]
