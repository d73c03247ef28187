"""One door, one trouble: what stood before, what may be asked, said and planned after, and how it heals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from actandpos.models import Account, Order, Position
from livedata.schwab import errors, links, oauth, schedule, tokens
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.people import change
from livedata.schwab.tests.standin import StandIn
from livedata.schwab.tests.trouble import TOKEN, Door, Trouble

ABOUT_THE_LINK = {
    "link_state",
    "checked_at",
    "fresh_until",
    "observed_at",
    "orders_checked_at",
    "orders_observed_at",
}


def at_rest(world: StandIn) -> None:
    """Let the stand-in behave, its prices standing still and its logins kept."""
    world.control("reset")
    world.control("clock", freeze=True)


def expired(connection: BrokerConnection) -> None:
    """Let the access token be over, and an earlier failed refresh forgotten."""
    change(connection, access_expires_at=connection.refresh_issued_at, refresh_failed_at=None)


def book() -> list[object]:
    """Return every figure that the book keeps."""
    names = {each.attname for each in Account._meta.concrete_fields} - ABOUT_THE_LINK
    rows = [model._default_manager.order_by("pk").values() for model in (Position, Order)]
    return [*Account.objects.order_by("pk").values(*names), *rows[0], *rows[1]]


def shown(connection: BrokerConnection) -> dict[str, Any]:
    """Return what the screen is told of the link."""
    client = Client()
    client.force_login(connection.owner)
    return client.get("/api/schwab/connection/").json()


class Scene:
    """A trouble laid on a door."""

    def __init__(self, world: StandIn, connection: BrokerConnection, door: Door, each: Trouble) -> None:
        self.world, self.connection, self.door, self.each = world, connection, door, each
        door.before(connection)
        connection.refresh_from_db()
        self.book = book()
        self.sealed = (connection.access_token_sealed, connection.refresh_token_sealed)
        self.began = timezone.now()
        self.next_sync_at = connection.next_sync_at
        world.control("calls/reset")
        world.control("faults", endpoint=door.name, **each.fault)

    @contextmanager
    def curtain(self) -> Iterator[None]:
        """Give the knock its deadline; where the trouble is one of time it is short."""
        with override_settings(THOR_HTTP_DEADLINE=self.each.deadline or settings.THOR_HTTP_DEADLINE):
            yield
        self.connection.refresh_from_db()

    def asked(self) -> None:
        """The door was knocked at just so often, a redirect was not followed, a 401 cost one refresh."""
        assert self.world.calls(self.door.route) == self.each.tries, self.each
        assert self.world.calls("GET /redirected") == 0
        refreshed = self.each.kind is errors.NotAuthorized
        assert self.world.calls(TOKEN) == int(refreshed)
        if not refreshed:
            row = self.connection
            assert (row.access_token_sealed, row.refresh_token_sealed) == self.sealed

    def nothing_is_lost(self) -> None:
        """No figure moved."""
        assert book() == self.book
        assert self.connection.sync_lease_owner == ""

    def said(self) -> SyncRun:
        """The reason stands in the run, on the connection and on the screen; return the run."""
        run, kind = self.connection.runs.filter(kind=self.door.run).first(), self.each.kind
        assert run
        assert run.outcome == "failed"
        assert run.reason.startswith(kind.message)
        assert run.http_calls == self.each.tries, self.each
        row = self.connection
        assert (row.last_error_code, row.last_error_action) == (kind.code, kind.action)
        screen = shown(row)
        assert screen["last_error"]["code"] == kind.code
        assert screen["last_error"]["message"] == run.reason
        (source,) = [each for each in screen["sources"] if each["source"] == self.door.run]
        assert (source["reason"], source["last_outcome"]) == (run.reason, "failed")
        assert source["last_success_at"]
        return run

    def planned(self) -> None:
        """The next sync comes later than usual but comes, as Schwab wishes; without a sign-in there is none."""
        row = self.connection
        if self.each.kind is errors.NotAuthorized:
            assert (row.status, row.next_sync_at) == ("reauth_required", None)
            return
        assert (row.status, row.failures) == ("connected", 1)
        assert row.next_sync_at
        base = schedule.interval(self.began)
        least = max(base, self.each.held or 0)
        pause = (row.next_sync_at - self.began).total_seconds()
        assert least <= pause <= least + base + schedule.LONGEST_PAUSE

    def heals(self, login: list[oauth.TokenAnswer]) -> None:
        """The first good answer ends it."""
        self.world.control("faults", clear=True)
        if self.connection.status == "reauth_required":
            tokens.store_login(self.connection, login[0])
            links.show_link_state(self.connection)
        self.door.knock(self.connection)
        self.connection.refresh_from_db()
        assert (self.connection.failures, self.connection.last_error_code) == (0, "")
        assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}
