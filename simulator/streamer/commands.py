"""What each command of the streamer does, and the code that it is answered with."""

from typing import TYPE_CHECKING

from simulator.streamer import frames
from simulator.streamer.activity import Activity
from simulator.streamer.frames import Ask, Code
from simulator.streamer.levelone import MOST_KEYS, LevelOne
from simulator.world.preferences import customer_id

if TYPE_CHECKING:
    from simulator.streamer.session import Session

_DENIED = "Login Denied.: token is invalid or has expired."
_NOT_FOUND = "STREAM CONNECTION NOT FOUND - Please login again."
_FAILED = {
    "SUBS": Code.FAILED_COMMAND_SUBS,
    "ADD": Code.FAILED_COMMAND_ADD,
    "UNSUBS": Code.FAILED_COMMAND_UNSUBS,
    "VIEW": Code.FAILED_COMMAND_VIEW,
}


async def carry_out(session: "Session", ask: Ask) -> None:
    """Do what one request asks and answer it; each request is answered in a frame of its own."""
    if ask.malformed:
        await _reply(session, ask, Code.BAD_COMMAND_FORMAT, "Example text: the request cannot be read.")
    elif (ask.service, ask.command) == ("ADMIN", "LOGIN"):
        await _login(session, ask)
    elif session.login is None or not _is_same_session(session, ask):
        await _reply(session, ask, Code.STREAM_CONN_NOT_FOUND, _NOT_FOUND)
    elif (ask.service, ask.command) == ("ADMIN", "LOGOUT"):
        await _reply(session, ask, Code.SUCCESS, "SUCCESS")
        await session.close()
    elif ask.service == "ACCT_ACTIVITY":
        await _activity(session, ask)
    elif ask.service in session.services:
        await _level_one(session, session.services[ask.service], ask)
    elif ask.service == "ADMIN":
        await _reply(session, ask, Code.BAD_COMMAND_FORMAT, f"Example text: unknown command {ask.command}.")
    else:
        await _reply(
            session, ask, Code.SERVICE_NOT_AVAILABLE, f"Example text: {ask.service} is not available."
        )


async def _reply(session: "Session", ask: Ask, code: Code, text: str) -> None:
    await session.say(frames.response(ask, session.now(), code, text))


async def _done(session: "Session", ask: Ask) -> None:
    await _reply(session, ask, Code.SUCCESS, f"{ask.command} command succeeded")


def _is_same_session(session: "Session", ask: Ask) -> bool:
    return (ask.customer, ask.correl) == (_customer(session), session.correl)


def _customer(session: "Session") -> str:
    return customer_id(session.simulation.world.market.seed, session.login_name)


async def _login(session: "Session", ask: Ask) -> None:
    """The raw access token, and the customer that it belongs to; a login ends the customer's other connection."""
    session.login = session.simulation.store.holder(ask.parameters.get("Authorization", ""))
    if session.login is None or ask.customer != _customer(session):
        session.login = None
        await _reply(session, ask, Code.LOGIN_DENIED, _DENIED)
        await session.close()
        return
    session.correl = ask.correl
    await session.simulation.hub.keep_only(session)
    await _reply(session, ask, Code.SUCCESS, "server=sim01-1;status=NP")


async def _activity(session: "Session", ask: Ask) -> None:
    """Only SUBS and UNSUBS."""
    key = ask.parameters.get("keys", "")
    if ask.command == "UNSUBS":
        session.activity = None
        await _done(session, ask)
    elif ask.command == "SUBS" and key:
        await _done(session, ask)
        activity = Activity(key, ask.parameters.get("fields", ""), session.simulation.clock.now())
        await session.show({"ACCT_ACTIVITY": [activity.opening()]})
        session.activity = activity
    else:
        code = Code.BAD_COMMAND_FORMAT if ask.command == "SUBS" else _failed(ask)
        await _reply(session, ask, code, f"{ask.command} command failed")


def _failed(ask: Ask) -> Code:
    return _FAILED.get(ask.command, Code.BAD_COMMAND_FORMAT)


async def _level_one(session: "Session", service: LevelOne, ask: Ask) -> None:
    keys = [key for key in ask.parameters.get("keys", "").split(",") if key.strip()]
    numbers = service.numbers(ask.parameters.get("fields", ""))
    needs_keys, needs_fields = ask.command != "VIEW", ask.command != "UNSUBS"
    if ask.command not in _FAILED or (needs_keys and not keys) or (needs_fields and numbers is None):
        await _reply(
            session, ask, Code.BAD_COMMAND_FORMAT, f"Example text: {ask.command} lacks keys or fields."
        )
        return
    discarded = 0
    if ask.command == "UNSUBS":
        service.remove(keys)
    elif ask.command == "VIEW":
        service.view(numbers or ())
    else:
        put = service.replace if ask.command == "SUBS" else service.add
        discarded = put(keys, numbers or ())
    if discarded:
        text = (
            "You've reached the maximum number of symbols allowed. "
            f"({service.name}={MOST_KEYS}, DISCARDED={discarded})"
        )
        await _reply(session, ask, Code.REACHED_SYMBOL_LIMIT, text)
    else:
        await _done(session, ask)
    await session.snapshots()
