"""The control endpoint, no part of Schwab's wire: clock, seed, latency, faults, counters and changes by hand."""

import functools
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import control_stream
from simulator.calls import CONTROL
from simulator.faults.kinds import order_fault
from simulator.hands import change_world, known
from simulator.simulation import Simulation, simulation_of
from simulator.wire.errors import route_missing

Json = dict[str, object]
Handler = Callable[[Simulation, Json], object]
_LOOPBACK = ("127.0.0.1", "::1")


def controlled(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Loopback only; a JSON object in, JSON out, a sentence with 400 for what cannot be read."""

    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        if request.client is None or request.client.host not in _LOOPBACK:
            return route_missing(request.url.path)
        raw = await request.body()
        try:
            given = json.loads(raw) if raw else {}
            if not isinstance(given, dict):
                raise ValueError("the body must be a JSON object")
            return JSONResponse(handler(simulation_of(request), given))
        except (ValueError, KeyError, TypeError) as problem:
            return JSONResponse({"detail": f"{type(problem).__name__}: {problem}"}, 400)

    return endpoint


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number")
    return float(value)


def state(simulation: Simulation, given: Json) -> Json:
    """Everything that can be switched, and the accounts with their indexes."""
    now, world = simulation.clock.now(), simulation.world
    return {
        "now": datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z"),
        "epoch": now,
        "frozen": simulation.clock.frozen_at is not None,
        "seed": world.market.seed,
        "begins": world.story.begins.isoformat(),
        "quiet_when_closed": world.market.quiet_when_closed,
        "halted": sorted(world.market.halts),
        "latency": simulation.faults.latency,
        "off": simulation.faults.off,
        **simulation.faults.summary(),
        "tokens": simulation.store.summary(),
        "accounts": [
            {
                "account": account.index,
                "login": account.profile.login,
                "number": account.number,
                "hash": account.hash,
                "type": account.profile.kind,
                "nickname": account.profile.nickname,
                "omitted": account.index in world.edits.omitted,
            }
            for account in world.accounts
        ],
    }


def clock(simulation: Simulation, given: Json) -> Json:
    """{"advance_seconds": n} or {"set": iso} or {"freeze": bool} or {"reset": true}; several at once in this order."""
    if given.get("reset"):
        simulation.clock.reset()
    if "freeze" in given:
        simulation.clock.freeze(bool(given["freeze"]))
    if "set" in given:
        moment = datetime.fromisoformat(str(given["set"]).replace("Z", "+00:00"))
        simulation.clock.set_to(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    if "advance_seconds" in given:
        simulation.clock.advance(_number(given["advance_seconds"], "advance_seconds"))
    simulation.store.save()
    return state(simulation, given)


def seed(simulation: Simulation, given: Json) -> Json:
    """{"seed": text}: another world; account numbers and hashes change with it."""
    simulation.rebuild_world(str(given["seed"]), simulation.world.market.quiet_when_closed)
    return state(simulation, given)


def market(simulation: Simulation, given: Json) -> Json:
    """{"quiet_when_closed": bool}, {"halt": symbol}, {"resume": symbol}."""
    if not given.keys() & {"quiet_when_closed", "halt", "resume"}:
        raise ValueError("expected quiet_when_closed, halt or resume")
    if "quiet_when_closed" in given:
        simulation.rebuild_market(bool(given["quiet_when_closed"]))
    for key, at in (("halt", simulation.clock.now()), ("resume", None)):
        if key in given:
            simulation.world.halt(known(str(given[key])), at)
    return state(simulation, given)


def latency(simulation: Simulation, given: Json) -> Json:
    """{"seconds": x, "path_prefix": optional}; 0 seconds takes the prefix's latency away."""
    prefix, seconds = str(given.get("path_prefix", "/")), _number(given["seconds"], "seconds")
    simulation.faults.latency.pop(prefix, None)
    if seconds > 0:
        simulation.faults.latency[prefix] = seconds
    return state(simulation, given)


def off(simulation: Simulation, given: Json) -> Json:
    """{"paths": [...]}: these and what lies under them answer the platform's plain 404; an empty list ends it."""
    paths = given["paths"]
    if not isinstance(paths, list):
        raise ValueError("paths must be a list")
    simulation.faults.off[:] = [str(path) for path in paths]
    return state(simulation, given)


def faults(simulation: Simulation, given: Json) -> Json:
    """Add one fault ({"kind", "endpoint", "count", options}), see `faults.kinds`, or {"clear": true}."""
    if given.get("clear"):
        return clear_faults(simulation, {})
    fault = order_fault(simulation.faults, given)
    return {"id": fault.number, **simulation.faults.summary()}


def list_faults(simulation: Simulation, given: Json) -> Json:
    """The faults that are on and those used up, with how often each fired."""
    return simulation.faults.summary()


def clear_faults(simulation: Simulation, given: Json) -> Json:
    """Switch off {"id": n}, or all."""
    simulation.faults.clear_faults(int(_number(given["id"], "id")) if "id" in given else None)
    return simulation.faults.summary()


def reset(simulation: Simulation, given: Json) -> Json:
    """Everything as after a start; logins survive unless {"logins": true}."""
    simulation.clock.reset()
    simulation.faults.clear()
    simulation.calls.reset()
    simulation.quiet_down()
    simulation.rebuild_world(simulation.settings.seed, quiet_when_closed=False)
    if given.get("logins"):
        simulation.store.forget_everything()
    simulation.keep()
    return state(simulation, given)


def accounts(simulation: Simulation, given: Json) -> Json:
    """Change what an account holds, or whether it is listed; see `hands.change_world`."""
    change_world(simulation.world, given, simulation.clock.now())
    simulation.keep()
    return state(simulation, given)


def calls(simulation: Simulation, given: Json) -> Json:
    """How often each route of the wire was asked."""
    return simulation.calls.summary()


def reset_calls(simulation: Simulation, given: Json) -> Json:
    """Count from nothing."""
    simulation.calls.reset()
    return simulation.calls.summary()


_POSTS: dict[str, Handler] = {
    "clock": clock,
    "seed": seed,
    "market": market,
    "latency": latency,
    "off": off,
    "faults": faults,
    "reset": reset,
    "accounts": accounts,
    "order": control_stream.order,
    "stream": control_stream.stream,
    "calls/reset": reset_calls,
}
ROUTES = [
    Route(f"{CONTROL}/state", controlled(state), methods=["GET"]),
    Route(f"{CONTROL}/calls", controlled(calls), methods=["GET"]),
    Route(f"{CONTROL}/stream", controlled(control_stream.stream), methods=["GET"]),
    Route(f"{CONTROL}/faults", controlled(list_faults), methods=["GET"]),
    Route(f"{CONTROL}/faults", controlled(clear_faults), methods=["DELETE"]),
    *[Route(f"{CONTROL}/{name}", controlled(handler), methods=["POST"]) for name, handler in _POSTS.items()],
]
