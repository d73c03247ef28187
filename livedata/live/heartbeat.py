"""Every so often: how the accounts stand, whether the logins still hold, and which browsers no longer read."""

import asyncio
import logging
from collections.abc import Collection

import msgspec
from django.db import Error as DatabaseError
from django.utils import timezone
from msgspec import Struct

from livedata.live import messages
from livedata.live.browser import Browser
from livedata.live.gate import AccountState, utc_text
from livedata.live.hub import Hub
from livedata.live.logins import Login, no_longer_valid
from livedata.live.messages import LATEST, Message
from livedata.live.threads import in_thread

log = logging.getLogger(__name__)


_encoder = msgspec.json.Encoder()


class _Told(Struct):
    """What is told of one account."""

    version: int
    orders_version: int
    seq: int | None
    checked_at: str | None
    link_state: str
    is_stale: bool


async def keep_beating(hub: Hub) -> None:
    """Beat until cancelled."""
    while True:
        await asyncio.sleep(hub.limits.heartbeat)
        await beat(hub)


async def beat(hub: Hub) -> None:
    """Tell every browser how its accounts stand: three queries a process, however many browsers."""
    browsers, ids = list(hub.browsers), hub.account_ids()
    try:
        ended, states = await in_thread(_look, hub, {each.login for each in browsers}, ids)
    except DatabaseError as error:
        log.warning("the heartbeat cannot read the database: %s", type(error).__name__)
        _say(hub, browsers, None)
        return
    for browser in browsers:
        if browser.login in ended:
            browser.close(messages.CLOSE_SIGNED_OUT)
        else:
            _end_lost(hub, browser, states, ids)
    _say(hub, [each for each in browsers if each.login not in ended], states)


def _look(hub: Hub, logins: set[Login], ids: set[int]) -> tuple[set[Login], dict[int, AccountState]]:
    """Read what a beat needs; in a thread."""
    return no_longer_valid(logins), hub.gate.states(ids)


def _end_lost(hub: Hub, browser: Browser, states: dict[int, AccountState], ids: set[int]) -> None:
    """End subscriptions to accounts that are gone or no longer this user's."""
    lost = []
    for name, subscription in browser.subscriptions.items():
        state = states.get(subscription.account_id or 0)
        if subscription.account_id in ids and (state is None or state.owner_id != browser.login.user_id):
            lost.append(name)
    if lost:
        hub.end(browser, lost, "gone")


def _say(hub: Hub, browsers: Collection[Browser], states: dict[int, AccountState] | None) -> None:
    """Send the heartbeat; browsers with the same accounts get the same one."""
    at = utc_text(timezone.now())
    known = None if states is None else {pk: _encoder.encode(_told(hub, pk, states[pk])) for pk in states}
    messages_by_accounts: dict[frozenset[int], Message] = {}
    for browser in browsers:
        mine = frozenset(each.account_id for each in browser.subscriptions.values() if each.account_id)
        if mine not in messages_by_accounts:
            messages_by_accounts[mine] = _message(at, known, mine)
        browser.put(messages_by_accounts[mine])


def _told(hub: Hub, account_id: int, state: AccountState) -> _Told:
    """Return what is told of one account; its owner is not."""
    return _Told(
        version=state.version,
        orders_version=state.orders_version,
        seq=hub.seq(account_id, state.version),
        checked_at=state.checked_at,
        link_state=state.link_state,
        is_stale=state.is_stale,
    )


def _message(at: str, known: dict[int, bytes] | None, mine: frozenset[int]) -> Message:
    """Return the heartbeat for some accounts; `accounts` is null when the database could not be read."""
    accounts = None
    if known is not None:
        accounts = {str(pk): msgspec.Raw(known[pk]) for pk in sorted(mine) if pk in known}
    return Message(LATEST, messages.said(type="heartbeat", at=at, accounts=accounts), "heartbeat")


async def keep_watching(hub: Hub) -> None:
    """Cut off browsers that do not read, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(min(1.0, hub.limits.send_timeout / 4))
        latest = loop.time() - hub.limits.send_timeout
        for browser in list(hub.browsers):
            if 0.0 < browser.sending_since < latest:
                log.info("a browser of user %s does not read; it is cut off", browser.login.user_id)
                browser.cut_off()
