"""`GET /userPreference` (reference §2.6): nicknames of accounts and the customer's id at the streamer."""

import msgspec
from msgspec import Struct, field

from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.identity import padded_number
from livedata.schwab.wire import AccountNumber


class AccountWire(Struct, rename="camel", frozen=True):
    """One account's entry."""

    account_number: AccountNumber | None = None
    nick_name: str | None = None
    lot_selection_method: str | None = None


class StreamerWire(Struct, rename="camel", frozen=True):
    """The streamer's entry, of which only the customer's id is read here."""

    schwab_client_customer_id: str | None = None


class PreferenceWire(Struct, rename="camel", frozen=True):
    """The answer."""

    accounts: list[AccountWire] | None = None
    streamer_info: list[StreamerWire] | None = None


class Preferences(Struct, frozen=True):
    """Nicknames and lot selection methods by padded account number, and the customer's id (may be empty)."""

    nicknames: dict[str, str] = field(default_factory=dict)
    customer_id: str = ""
    lot_methods: dict[str, str] = field(default_factory=dict)


def read_preferences(body: bytes) -> Preferences:
    """Read the answer; the specification says array, practice sends one object, both are taken.

    Raises:
        SchwabOddAnswer: it is neither.
    """
    try:
        answer = msgspec.json.decode(body, type=PreferenceWire | list[PreferenceWire])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SchwabOddAnswer("The user preferences were not readable.") from error
    found = answer if isinstance(answer, PreferenceWire) else answer[0] if answer else PreferenceWire()
    nicknames = {
        padded_number(account.account_number): name
        for account in found.accounts or []
        if account.account_number is not None and (name := _printable(account.nick_name))
    }
    methods = {
        padded_number(account.account_number): method[:24]
        for account in found.accounts or []
        if account.account_number is not None and (method := _printable(account.lot_selection_method))
    }
    customer = found.streamer_info[0].schwab_client_customer_id if found.streamer_info else None
    return Preferences(nicknames, customer or "", methods)


def _printable(name: str | None) -> str:
    """Return a nickname without control characters: PostgreSQL refuses NUL, and others change how a line reads."""
    return "".join(each for each in name or "" if each.isprintable()).strip()
