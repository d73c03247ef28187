"""One running simulation: settings, clock, world, tokens and everything that control can switch."""

import math
import time
from dataclasses import dataclass, field

from starlette.requests import Request

from simulator.calls import CallCounter
from simulator.clock import SimulatedClock
from simulator.faults.state import Faults
from simulator.oauth.flows import Flows
from simulator.oauth.store import TokenStore
from simulator.settings import Settings
from simulator.streamer.hub import Hub
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
    hub: Hub = field(default_factory=Hub)
    reset_at: float = -math.inf

    def keep(self) -> None:
        """Remember across a restart what was changed by hand, if a state file is kept."""
        if self.settings.state_path is not None:
            self.store.kept = {"seed": self.world.market.seed, "orders": self.world.edits.dump()}
        self.store.save()

    def recall(self) -> None:
        """Take up what was kept for this seed."""
        if self.store.kept.get("seed") == self.world.market.seed:
            self.world.edits.load(self.store.kept.get("orders", []))

    def quiet_down(self) -> None:
        """A reset: what happens by itself waits anew."""
        self.reset_at = time.monotonic()
        self.hub.reset()

    def rebuild_world(self, seed: str, quiet_when_closed: bool) -> None:
        """Begin the world anew; what was changed by hand is gone."""
        self.world = World(seed, quiet_when_closed)

    def rebuild_market(self, quiet_when_closed: bool) -> None:
        """Let prices follow the sessions or not; what was changed by hand stays."""
        edits, halts = self.world.edits, self.world.market.halts
        self.world = World(self.world.market.seed, quiet_when_closed)
        self.world.edits, self.world.market.halts = edits, halts


def simulation_of(request: Request) -> Simulation:
    """The simulation that serves a request."""
    found: Simulation = request.app.state.simulation
    return found
