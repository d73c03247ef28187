"""Every address of Thor and who may use it: an address that is not listed here fails."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ANYONE = {
    "live": "/healthz/live/",
    "ready": "/healthz/ready/",
    "schema": "/api/schema/",
    "session": "/api/auth/session/",
    "login": "/api/auth/login/",
    "page": "/",
}
TO_THE_PAGE = {
    "schwab-oauth-start": "/api/schwab/oauth/start/",
    "schwab-oauth-callback": "/api/schwab/oauth/callback/",
}
"""For the signed in too, but a browser comes here by itself: it is sent to the page with a reason, not to a 401."""
SIGNED_IN = {
    "logout": ("post", "/api/auth/logout/"),
    "schwab-oauth-paste": ("post", "/api/schwab/oauth/paste/"),
    "schwab-connection": ("get", "/api/schwab/connection/"),
    "schwab-refresh": ("post", "/api/schwab/refresh/"),
    "schwab-history": ("get", "/api/schwab/history/"),
    "schwab-balances": ("get", "/api/schwab/accounts/7/balances/"),
    "schwab-positions": ("get", "/api/schwab/accounts/7/positions/"),
    "market-session": ("get", "/api/livedata/session/"),
    "quotes": ("get", "/api/livedata/quotes/"),
    "watchlist": ("get", "/api/livedata/watchlist/"),
    "accounts": ("get", "/api/actandpos/accounts/"),
    "account_summary": ("get", "/api/actandpos/account_summary/"),
    "activity_today": ("get", "/api/actandpos/activity/today/"),
    "net_liq": ("get", "/api/actandpos/net_liq/"),
    "order": ("get", "/api/actandpos/orders/7/"),
    "statement": ("get", "/api/actandpos/statement/"),
    "statement_csv": ("get", "/api/actandpos/statement.csv/"),
    "pl_ytd": ("get", "/api/actandpos/pl_ytd/"),
    "positions": ("get", "/api/positions/"),
    "strategies": ("get", "/api/actandpos/strategies/"),
}


def _names(patterns: list[URLPattern | URLResolver], inside: str = "") -> set[str]:
    """Collect the names of all routes but those of Django admin, which has a test of its own."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                found |= _names(pattern.url_patterns, inside + str(pattern.pattern))
        else:
            found.add(pattern.name or f"unnamed {inside}{pattern.pattern}")
    return found


def test_every_route_is_listed() -> None:
    assert _names(get_resolver().url_patterns) == set(ANYONE) | set(TO_THE_PAGE) | set(SIGNED_IN)


@pytest.mark.parametrize(("method", "path"), SIGNED_IN.values(), ids=SIGNED_IN)
@pytest.mark.parametrize("slash", [True, False], ids=["slash", "bare"])
@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(client: Client, method: str, path: str, *, slash: bool) -> None:
    answer = getattr(client, method)(path if slash else path.rstrip("/"))
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("path", TO_THE_PAGE.values(), ids=TO_THE_PAGE)
@pytest.mark.django_db
def test_a_strangers_browser_is_sent_to_the_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == "/?schwab=error&reason=not_signed_in"


@pytest.mark.django_db
def test_admin_is_for_staff_only(client: Client, django_user_model: type[User]) -> None:
    for page in ("/admin/", "/admin/actandpos/account/", "/admin/schwab/brokerconnection/"):
        assert client.get(page).status_code == 302
    client.force_login(django_user_model.objects.create_user("trader", password="x"))
    assert client.get("/admin/actandpos/account/").status_code == 302
    client.force_login(django_user_model.objects.create_superuser("admin", password="x"))
    assert client.get("/admin/actandpos/account/").status_code == 200


@pytest.mark.django_db
def test_an_unknown_api_address_speaks_the_apis_language(client: Client) -> None:
    answer = client.get("/api/nothing/here")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "There is nothing at this address.", "code": "not_found"}
