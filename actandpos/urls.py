"""Routes of the book, under `/api/`."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, re_path
from rest_framework.views import APIView

from actandpos import (
    documentation,
    history_documentation,
    history_views,
    order_views,
    statement_documentation,
    statement_views,
    strategy_documentation,
    strategy_views,
    views,
)


def _route(pattern: str, view: Callable[..., HttpResponseBase], doc: type[APIView], name: str) -> URLPattern:
    """Return a route with and without its trailing slash.

    The schema generator is shown a stand-in: it lists views that carry a REST framework class as `cls`.
    """
    view.__dict__.update(cls=doc, initkwargs={})
    return re_path(rf"^{pattern}/?$", view, name=name)


urlpatterns = [
    _route(r"actandpos/accounts", views.accounts, documentation.AccountsDoc, "accounts"),
    _route(
        r"actandpos/account_summary",
        views.account_summary,
        documentation.AccountSummaryDoc,
        "account_summary",
    ),
    _route(
        r"actandpos/activity/today", views.activity_today, documentation.ActivityTodayDoc, "activity_today"
    ),
    _route(r"actandpos/net_liq", history_views.net_liq, history_documentation.NetLiqDoc, "net_liq"),
    _route(r"actandpos/orders/(?P<order_id>[0-9]{1,18})", order_views.order, order_views.OrderDoc, "order"),
    _route(
        r"actandpos/statement", statement_views.statement, statement_documentation.StatementDoc, "statement"
    ),
    _route(
        r"actandpos/statement\.csv",
        statement_views.csv,
        statement_documentation.StatementCsvDoc,
        "statement_csv",
    ),
    _route(r"actandpos/pl_ytd", statement_views.pl_ytd, statement_documentation.YearSoFarDoc, "pl_ytd"),
    _route(
        r"actandpos/strategies",
        strategy_views.strategies_of,
        strategy_documentation.StrategiesDoc,
        "strategies",
    ),
    _route(r"positions", views.positions, documentation.PositionsDoc, "positions"),
]
