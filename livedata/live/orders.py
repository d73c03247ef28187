"""Obeys the control channel: closes sockets whose login ended, ends subscriptions to accounts that were cut loose."""

import logging
import time
from typing import TYPE_CHECKING

import msgspec

from livedata.live import messages
from livedata.live.control import EndSession, EndUser, read_order
from livedata.live.logins import Login

if TYPE_CHECKING:
    from livedata.live.browser import Browser
    from livedata.live.hub import Hub

log = logging.getLogger(__name__)

REMEMBERED_SECONDS = 60.0


class Orders:
    """Orders that came, remembered for a while: a handshake may have looked its login up just before."""

    def __init__(self) -> None:
        self._users: dict[int, float] = {}
        self._sessions: dict[str, float] = {}

    def obey(self, data: bytes, hub: "Hub") -> None:
        """Do what the control channel says."""
        try:
            order = read_order(data)
        except msgspec.MsgspecError:
            log.warning("an order on the control channel cannot be read")
            return
        self._forget_old()
        if isinstance(order, EndUser):
            self._users[order.user_id] = time.monotonic()
            close_all([each for each in hub.browsers if each.login.user_id == order.user_id])
        elif isinstance(order, EndSession):
            self._sessions[order.digest] = time.monotonic()
            close_all([each for each in hub.browsers if each.login.session_digest == order.digest])
        else:
            for browser, names in hub.listeners_of(order.account_ids).items():
                hub.end(browser, names, order.code)

    def came_since(self, login: Login, began: float) -> bool:
        """Tell whether a login was ended while it was looked up.

        A session's order is sent just before the session is deleted, so for a while it counts whenever it came.
        """
        return self._users.get(login.user_id, -1.0) >= began or login.session_digest in self._sessions

    def _forget_old(self) -> None:
        """Drop orders that no handshake can have missed."""
        oldest = time.monotonic() - REMEMBERED_SECONDS
        self._users = {key: at for key, at in self._users.items() if at > oldest}
        self._sessions = {key: at for key, at in self._sessions.items() if at > oldest}


def close_all(browsers: "list[Browser]") -> None:
    """Close the sockets of logins that ended."""
    for browser in browsers:
        browser.close(messages.CLOSE_SIGNED_OUT)
