"""One running simulation: settings, clock, world, tokens and everything that control can switch."""

from dataclasses import dataclass, field

from starlette.requests import Request

from simulator.calls import CallCounter
from simulator.clock import SimulatedClock
from simulator.faults.state import Faults
from simulator.oauth.flows import Flows
from simulator.oauth.store import TokenStore
from simulator.settings import Settings
from simulator.world.world import World


@dataclass
class Simulation:
    """Shared by all routes of one app."""

    settings: Settings
    clock: SimulatedClock
    store: TokenStore
    flows: Flows
    world: World
    calls: CallCounter = field(default_factory=CallCounter)
    faults: Faults = field(default_factory=Faults)

    def rebuild_world(self, seed: str, quiet_when_closed: bool) -> None:
        """Begin the world anew; what was changed by hand is gone."""
        self.world = World(seed, quiet_when_closed)

    def rebuild_market(self, quiet_when_closed: bool) -> None:
        """Let prices follow the sessions or not; what was changed by hand stays."""
        edits = self.world.edits
        self.world = World(self.world.market.seed, quiet_when_closed)
        self.world.edits = edits


def simulation_of(request: Request) -> Simulation:
    """The simulation that serves a request."""
    found: Simulation = request.app.state.simulation
    return found
