"""Routes of live data, under `/api/livedata/`."""

from django.urls import re_path

from livedata.views import MarketSessionView, QuotesView
from livedata.watchlist.views import WatchlistView

urlpatterns = [
    re_path(r"^session/?$", MarketSessionView.as_view(), name="market-session"),
    re_path(r"^quotes/?$", QuotesView.as_view(), name="quotes"),
    re_path(r"^watchlist/?$", WatchlistView.as_view(), name="watchlist"),
]
