"""The book knows when the sign-in ends, so that it can say so without asking the broker's room."""

import pytest

from actandpos import services as book
from actandpos.models import Account
from livedata.schwab import links
from livedata.schwab.models import BrokerConnection

pytestmark = pytest.mark.django_db


def test_the_end_of_the_sign_in_stands_with_every_account(connection: BrokerConnection) -> None:
    assert set(Account.objects.values_list("link_ends_at", flat=True)) == {connection.login_ends_at}
    book.set_link_end(Account.objects.all(), None)
    links.show_link_state(connection)
    assert set(Account.objects.values_list("link_ends_at", flat=True)) == {connection.login_ends_at}
