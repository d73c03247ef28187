"""Which account of the book stands behind an account of Schwab's: recognised by HMAC, number and hash sealed."""

from django.db import transaction
from msgspec import Struct

from actandpos import services as book
from actandpos.models import Account
from actandpos.services.transactions import set_lot_method
from livedata.schwab import errors
from livedata.schwab.client import AccountNumber, SchwabTraderAPI
from livedata.schwab.identity import identity_of, masked, padded_number
from livedata.schwab.models import BrokerConnection, LinkedAccount
from livedata.schwab.preferences import Preferences, read_preferences

BROKER = "schwab"


class Known(Struct, frozen=True):
    """An account of this connection as the sync needs it."""

    account: Account
    linked: bool


def known_accounts(connection: BrokerConnection) -> dict[str, Known]:
    """Return this connection's accounts by identity, in one query."""
    rows = LinkedAccount.objects.filter(connection=connection).select_related("account")
    return {row.account.identity: Known(row.account, row.linked) for row in rows}


def learn_accounts(connection: BrokerConnection, api: SchwabTraderAPI) -> list[str]:
    """Read numbers, hashes and nicknames, and link every account to the book; return what could not be read.

    Two calls: `/accounts/accountNumbers` (must succeed) and `/userPreference` (names only, may fail).
    """
    numbers = api.fetch_account_numbers()
    notes: list[str] = []
    try:
        preferences = read_preferences(api.fetch_user_preference().body)
    except errors.SchwabError as error:
        preferences = Preferences()
        notes.append(f"Nicknames could not be read: {error}")
    for number in numbers:
        link_account(connection, number, preferences)
    if preferences.customer_id:
        BrokerConnection.objects.filter(pk=connection.pk).update(
            customer_identity=identity_of(preferences.customer_id)
        )
    return notes


def link_account(connection: BrokerConnection, found: AccountNumber, preferences: Preferences) -> Account:
    """Find or make the book's account for one of Schwab's and seal number and hash beside it."""
    number = padded_number(found.number)
    identity = identity_of(number)
    nickname = preferences.nicknames.get(number)
    with transaction.atomic():
        known = Account.objects.filter(owner=connection.owner, broker=BROKER, identity=identity).first()
        if nickname is None and known is not None:
            name = known.display_name
        else:
            name = f"{shown_nickname(nickname, number)} {masked(number)}"
        account = book.ensure_account(
            owner=connection.owner,
            broker=BROKER,
            identity=identity,
            display_name=name,
            account_type=known.account_type if known else "",
        )
        link = LinkedAccount.objects.filter(account=account).first() or LinkedAccount(account=account)
        link.connection, link.linked = connection, True
        link.number = number
        if found.hash_value:
            link.hash_value = found.hash_value
        link.save()
        set_lot_method(account, preferences.lot_methods.get(number, ""))
    return account


def shown_nickname(nickname: str | None, number: str) -> str:
    """Return a nickname fit to be shown: people do name an account by its number, dashed or not."""
    digits = "".join(filter(str.isdigit, nickname or ""))
    hides_number = bool(digits) and (number.lstrip("0") in digits or number in digits)
    text = "" if hides_number else (nickname or "").strip()[:60]
    return text or "Account"


def others_at_the_same_login(connection: BrokerConnection) -> list[BrokerConnection]:
    """Return other connected connections that share the Schwab customer or an account with this one.

    Schwab ends the earlier login of the same person and app; which of these it ended, only Schwab can tell.
    """
    identities = LinkedAccount.objects.filter(connection=connection).values("account__identity")
    connected = BrokerConnection.objects.filter(status=BrokerConnection.Status.CONNECTED).exclude(
        pk=connection.pk
    )
    same = connected.filter(links__account__identity__in=identities)
    if connection.customer_identity:
        same = same | connected.filter(customer_identity=connection.customer_identity)
    return list(same.distinct())


def link_of(account: Account) -> LinkedAccount:
    """Return where an account lives at Schwab.

    Raises:
        NotConnected: it never was linked, or Schwab lists it no more.
    """
    link = LinkedAccount.objects.select_related("connection").filter(account=account, linked=True).first()
    if link is None or not link.hash_value_sealed:
        raise errors.NotConnected
    return link
