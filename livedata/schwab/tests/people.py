"""Users and their connections, as a login leaves them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import linking, oauth, tokens
from livedata.schwab.client import AccountNumber
from livedata.schwab.models import BrokerConnection
from livedata.schwab.preferences import Preferences
from livedata.schwab.tests.fake_schwab import FIVE, REFRESH_TOKEN, hash_of
from livedata.schwab.tests.standin import StandIn

T = TypeVar("T")
FIRST_TOKEN = "canary-access-0@"


def user(name: str = "trader") -> User:
    """Return a new user."""
    return User.objects.create(username=name)  # who signs in by force needs no password


def connected(
    owner: User | None = None, numbers: Iterable[str] = FIVE, *, lives: int = 1800
) -> BrokerConnection:
    """Return a connection whose access token lives so many seconds, with these accounts linked."""
    connection = BrokerConnection.objects.create(owner=owner or user())
    tokens.store_login(connection, oauth.TokenAnswer(FIRST_TOKEN, REFRESH_TOKEN, 1800))
    change(connection, access_expires_at=timezone.now() + timedelta(seconds=lives))
    for number in numbers:
        linking.link_account(connection, AccountNumber(number, hash_of(number)), Preferences())
    return connection


def change(connection: BrokerConnection, **values: Any) -> None:
    """Write columns past everybody."""
    BrokerConnection.objects.filter(pk=connection.pk).update(**values)
    connection.refresh_from_db()


def account_of(connection: BrokerConnection, number: str) -> Account:
    """Return the book's account for a number, as stored now."""
    return next(link.account for link in connection.links.select_related("account") if link.number == number)


def together(count: int, work: Callable[[], T]) -> list[T]:
    """Do the same in so many threads at once; each gives its database connection back."""

    def one() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(count)]]


def signed_in_at(standin: StandIn) -> BrokerConnection:
    """Return a connection with tokens that the stand-in gave, without a first sync."""
    owner = user()
    found = oauth.read_address(standin.sign_in(oauth.start(owner, "a session")))
    connection = BrokerConnection.objects.create(owner=owner)
    tokens.store_login(connection, oauth.exchange_code_for_tokens(found.code))
    return connection
