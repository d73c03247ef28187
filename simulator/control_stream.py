"""The control endpoint's part for the streamer and for orders that fill."""

from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from simulator.hands import account_of
from simulator.simulation import Simulation
from simulator.world.changes import take_back
from simulator.world.instruments import Json
from simulator.world.order_wire import order_json
from simulator.world.tickets import Ticket, place, replace_by, terms_of

Made = TypeVar("Made")
_Seconds = Annotated[float, msgspec.Meta(gt=0)]


class StreamWish(msgspec.Struct, forbid_unknown_fields=True):
    """What can be asked of the streamer; several at once work."""

    drop: bool = False
    silence: _Seconds | None = None
    take_over: str | None = None
    empty_streamer_info: bool | UnsetType = UNSET
    tick_seconds: _Seconds | UnsetType = UNSET
    burst: Annotated[int, msgspec.Meta(ge=1)] | UnsetType | None = UNSET
    heartbeat_seconds: _Seconds | UnsetType = UNSET
    idle_seconds: _Seconds | UnsetType = UNSET
    flood: bool | UnsetType = UNSET


class Cancel(msgspec.Struct, forbid_unknown_fields=True):
    """Which order to take back."""

    cancel: int


def _converted(given: Json, kind: type[Made]) -> Made:
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as problem:
        raise ValueError(str(problem)) from problem


def stream(simulation: Simulation, given: Json) -> Json:
    """Do what is wished, see `StreamWish`; answers with the pace and the connections."""
    wish, hub = _converted(given, StreamWish), simulation.hub
    names = ("tick_seconds", "burst", "heartbeat_seconds", "idle_seconds", "flood")
    pace = {name: getattr(wish, name) for name in names}
    hub.change_pace(**{name: value for name, value in pace.items() if value is not UNSET})
    if wish.empty_streamer_info is not UNSET:
        hub.empty_info = wish.empty_streamer_info
    if wish.silence is not None:
        hub.silence(wish.silence)
    if wish.take_over is not None:
        hub.take_over(wish.take_over)
    if wish.drop:
        hub.drop()
    return hub.summary()


def order(simulation: Simulation, given: Json) -> Json:
    """Place {"account": n, ...}, see `Ticket`; {"cancel": id} takes one back, {"replace": id, ...} replaces it."""
    world, now = simulation.world, simulation.clock.now()
    if "cancel" in given:
        account, made = take_back(world, _converted(given, Cancel).cancel, now)
    elif "replace" in given:
        old = _converted({"cancel": given["replace"]}, Cancel).cancel
        wanted = {key: value for key, value in given.items() if key != "replace"}
        terms = terms_of(world, old, now)
        if "type" in wanted:
            terms = {key: value for key, value in terms.items() if key not in ("price", "stop")}
        ticket = _converted({**terms, **wanted}, Ticket)
        account, made = replace_by(world, old, ticket, now)
    else:
        account = account_of(world, given.get("account"))
        ticket = _converted({key: value for key, value in given.items() if key != "account"}, Ticket)
        made = place(world, account, ticket, now)
    simulation.keep()
    fills = [msgspec.to_builtins(fill) for fill in made.fills]
    return {"order": order_json(made, now, account.number), "fills": fills}
