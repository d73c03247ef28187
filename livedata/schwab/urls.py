"""Routes of the broker's room, under `/api/schwab/`."""

from django.urls import re_path

from livedata.schwab import history_views, views

ACCOUNT = r"^accounts/(?P<account_id>[0-9]{1,18})"

urlpatterns = [
    re_path(r"^oauth/start/?$", views.oauth_start, name="schwab-oauth-start"),
    re_path(r"^oauth/callback/?$", views.oauth_callback, name="schwab-oauth-callback"),
    re_path(r"^oauth/paste/?$", views.PasteView.as_view(), name="schwab-oauth-paste"),
    re_path(r"^connection/?$", views.ConnectionView.as_view(), name="schwab-connection"),
    re_path(r"^refresh/?$", views.RefreshView.as_view(), name="schwab-refresh"),
    re_path(r"^history/?$", history_views.HistoryView.as_view(), name="schwab-history"),
    re_path(ACCOUNT + r"/balances/?$", views.FetchBalancesView.as_view(), name="schwab-balances"),
    re_path(ACCOUNT + r"/positions/?$", views.FetchPositionsView.as_view(), name="schwab-positions"),
]
