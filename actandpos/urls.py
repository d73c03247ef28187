"""Routes of the book, under `/api/`."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import re_path
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


def _documented(view: Callable[..., HttpResponseBase], doc: type[APIView]) -> Callable[..., HttpResponseBase]:
    """Show the schema generator a stand-in: it lists views that carry a REST framework class as `cls`."""
    view.__dict__.update(cls=doc, initkwargs={})
    return view


urlpatterns = [
    re_path(
        r"^actandpos/accounts/?$", _documented(views.accounts, documentation.AccountsDoc), name="accounts"
    ),
    re_path(
        r"^actandpos/account_summary/?$",
        _documented(views.account_summary, documentation.AccountSummaryDoc),
        name="account_summary",
    ),
    re_path(
        r"^actandpos/activity/today/?$",
        _documented(views.activity_today, documentation.ActivityTodayDoc),
        name="activity_today",
    ),
    re_path(
        r"^actandpos/net_liq/?$",
        _documented(history_views.net_liq, history_documentation.NetLiqDoc),
        name="net_liq",
    ),
    re_path(
        r"^actandpos/orders/(?P<order_id>[0-9]{1,18})/?$",
        _documented(order_views.order, order_views.OrderDoc),
        name="order",
    ),
    re_path(
        r"^actandpos/statement/?$",
        _documented(statement_views.statement, statement_documentation.StatementDoc),
        name="statement",
    ),
    re_path(
        r"^actandpos/statement\.csv/?$",
        _documented(statement_views.csv, statement_documentation.StatementCsvDoc),
        name="statement_csv",
    ),
    re_path(
        r"^actandpos/pl_ytd/?$",
        _documented(statement_views.pl_ytd, statement_documentation.YearSoFarDoc),
        name="pl_ytd",
    ),
    re_path(
        r"^actandpos/strategies/?$",
        _documented(strategy_views.strategies_of, strategy_documentation.StrategiesDoc),
        name="strategies",
    ),
    re_path(r"^positions/?$", _documented(views.positions, documentation.PositionsDoc), name="positions"),
]
