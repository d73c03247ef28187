"""Asks for open orders that the list of all accounts does not reach: entered more than 60 days ago, or left out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from msgspec import Struct

from actandpos import services as book
from actandpos.models import Account
from actandpos.selectors.orders import oldest_open, open_roots
from actandpos.types import OrderRow, OrdersChange
from livedata.schwab import errors, leases, orderapplying, orderpages
from livedata.schwab.client import Fetched, SchwabTraderAPI
from livedata.schwab.identity import padded_number
from livedata.schwab.models import LinkedAccount, SyncRun
from livedata.schwab.orders import OrdersReading, read_order, read_orders
from livedata.schwab.runs import Tally

SINGLY = 5
"""So many orders of an account are asked for one by one; of more, those of the oldest entry on in one list."""
NEVER = datetime.min.replace(tzinfo=UTC)
PASSING_ON = (errors.NotAuthorized, errors.ReauthRequired)
Outcome = SyncRun.Outcome


class Asking(Struct, frozen=True):
    """What all questions of one sync share; `reach` is how far back the list of all accounts goes at most."""

    api: SchwabTraderAPI
    lease: leases.Lease
    tally: Tally
    reach: datetime

    def ask_for_the_rest(self, unlisted: Mapping[int, list[str]]) -> None:
        """Bring open orders up to date that the list lacks; `unlisted` are those that it should have shown.

        The old ones are asked for every `THOR_OLD_ORDERS_SECONDS`, and whenever somebody or something asked for a
        sync.

        Raises:
            NotAuthorized, ReauthRequired: other troubles are noted, since the list itself was read.
        """
        for link in LinkedAccount.objects.select_related("account").filter(account__in=unlisted):
            try:
                self._ask(link, unlisted[link.account_id])
            except PASSING_ON:
                raise
            except errors.SchwabError as error:
                if not isinstance(error, errors.HeldBack):
                    self.tally.outcomes.append(Outcome.PARTIAL)
                name = link.account.display_name
                self.tally.note(f"{name}: open orders that no list reaches were not read: {error}")
                return

    def _ask(self, link: LinkedAccount, unlisted: list[str]) -> None:
        """Ask for one account's."""
        now, last = timezone.now(), link.orders_reread_at
        every = timedelta(seconds=settings.THOR_OLD_ORDERS_SECONDS)
        due = self.tally.run.trigger != "schedule" or last is None or now - last >= every
        roots = open_roots(link.account, unlisted, before=self.reach if due else NEVER, with_lost=due)
        if due and roots:
            LinkedAccount.objects.filter(pk=link.pk).update(orders_reread_at=now)
        if len(roots) > SINGLY:
            self._in_one_list(link)
            roots = open_roots(link.account, unlisted, before=NEVER, with_lost=False)[:SINGLY]
        for broker_id in roots:
            self._singly(link, broker_id)

    def _in_one_list(self, link: LinkedAccount) -> None:
        """Ask for all orders from the oldest open one's entry to where the other list begins."""
        start, number = oldest_open(link.account, self.reach), padded_number(link.number)
        if start is None:
            return

        def fetch(first: datetime, last: datetime) -> Fetched:
            return self.api.fetch_account_orders(link.hash_value, first, last)

        def read(body: bytes) -> OrdersReading:
            return read_orders(body, number)

        page = orderpages.whole(fetch, read, start, self.reach)
        self._apply(link.account, page.reading.by_number.get(number, []), page.observed_at)

    def _singly(self, link: LinkedAccount, broker_id: str) -> None:
        """Ask for one order. That Schwab does not know it is no reason to take it for over: it is said."""
        number, asked_at = padded_number(link.number), timezone.now()
        try:
            fetched = self.api.fetch_order(link.hash_value, broker_id)
        except errors.SchwabNotFound:

            def lose() -> OrdersChange:
                return book.lose_order(link.account, broker_id, asked_at)

            orderapplying.apply_under(self.lease, link.account, lose, asked_at, self.tally)
            return
        reading = read_order(fetched.body, number)
        for rejected in reading.rejected:
            self.tally.outcomes.append(Outcome.PARTIAL)
            self.tally.note(f"An order could not be read: {rejected.reason}")
        self._apply(link.account, reading.by_number.get(number, []), fetched.observed_at)

    def _apply(self, account: Account, rows: list[OrderRow], observed_at: datetime) -> None:
        def apply() -> OrdersChange:
            return book.apply_more_orders(account, rows, observed_at)

        orderapplying.apply_under(self.lease, account, apply, observed_at, self.tally)
