"""One running simulation: settings, clock, world, tokens and everything that control can switch."""

import math
import time
from dataclasses import dataclass, field
from datetime import date

from starlette.requests import Request

from simulator.calls import CallCounter
from simulator.clock import SimulatedClock
from simulator.faults.state import Faults
from simulator.oauth.flows import Flows
from simulator.oauth.store import TokenStore
from simulator.settings import Settings
from simulator.streamer.hub import Hub
from simulator.world.edits import Edits
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
    begins: date = field(init=False)

    def __post_init__(self) -> None:
        self.begins = self.world.story.begins

    def keep(self) -> None:
        """Remember across a restart what was changed by hand, if a state file is kept."""
        self._remember()
        self.store.save()

    def _remember(self) -> None:
        if self.settings.state_path is not None:
            begins = self.world.story.begins.isoformat()
            orders = self.world.edits.dump()
            self.store.kept = {"seed": self.world.market.seed, "begins": begins, "orders": orders}

    def recall(self) -> None:
        """Take up what was kept for this seed; its first day holds for as long as the file is kept."""
        kept = self.store.kept
        if kept.get("seed") == self.world.market.seed:
            edits = Edits()
            edits.load(kept.get("orders", []))
            if "begins" in kept:
                self.begins = date.fromisoformat(kept["begins"])
            self.world = World(self.world.market.seed, begins=self.begins)
            self.world.take_over(edits)
        self._remember()

    def quiet_down(self) -> None:
        """A reset: what happens by itself waits anew."""
        self.reset_at = time.monotonic()
        self.hub.reset()

    def rebuild_world(self, seed: str, quiet_when_closed: bool) -> None:
        """Begin the world anew; what was changed by hand is gone."""
        self.world = World(seed, quiet_when_closed, self.begins)

    def rebuild_market(self, quiet_when_closed: bool) -> None:
        """Let prices follow the sessions or not; what was changed by hand stays."""
        edits, halts = self.world.edits, self.world.market.halts
        self.world = World(self.world.market.seed, quiet_when_closed, self.begins)
        self.world.take_over(edits)
        self.world.market.halts = halts


def simulation_of(request: Request) -> Simulation:
    """The simulation that serves a request."""
    found: Simulation = request.app.state.simulation
    return found
