"""The user preference answer: nicknames, display ids and where the streamer listens."""

import hashlib
import uuid
from collections.abc import Sequence

from simulator.world import chance
from simulator.world.accounts import Account
from simulator.world.instruments import Json
from simulator.world.world import World


def customer_id(seed: str, login: str) -> str:
    """The streamer's name for a customer."""
    return hashlib.sha256(f"{seed}:customer:{login}".encode()).hexdigest()


def preference_json(world: World, accounts: Sequence[Account], login: str, socket_url: str | None) -> Json:
    """A single object, as in practice; the specification says an array. Without a socket there is no streamer."""
    seed = world.market.seed
    correl = uuid.UUID(
        int=chance.number(seed, login, "correl") << 64 | chance.number(login, seed, "id"), version=4
    )
    streamer = {
        "streamerSocketUrl": socket_url,
        "schwabClientCustomerId": customer_id(seed, login),
        "schwabClientCorrelId": str(correl),
        "schwabClientChannel": "N9",
        "schwabClientFunctionId": "APIAPP",
    }
    return {
        "accounts": [_account(account, position == 0) for position, account in enumerate(accounts)],
        "streamerInfo": [streamer] if socket_url is not None else [],
        "offers": [{"level2Permissions": True, "mktDataPermission": "NP"}],
    }


def _account(account: Account, first: bool) -> Json:
    return {
        "accountNumber": account.number,
        "primaryAccount": first,
        "type": "BROKERAGE",
        "nickName": account.profile.nickname,
        "displayAcctId": account.masked,
        "autoPositionEffect": account.is_margin,
        "accountColor": "Green" if account.index % 2 else "Blue",
        "lotSelectionMethod": "FIFO",
    }
