"""Remembers which faults are switched on, how often each fired, and what is slow or off."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count as counting

import msgspec

from simulator.faults.endpoints import fits
from simulator.faults.kind import Kind

_SPENT_KEPT = 100


@dataclass(eq=False)
class Fault:
    """A kind of fault on endpoints, `left` times (None: until it is cleared)."""

    number: int
    name: str
    kind: Kind
    endpoints: Sequence[str]
    left: int | None
    fired: int = 0

    def fits(self, path: str, grant: str) -> bool:
        """Whether it spoils a call of a path; `grant` is the token request's, else empty."""
        if self.kind.grant and self.kind.grant != grant:
            return False
        return any(fits(endpoint, path) for endpoint in self.endpoints)

    def summary(self) -> dict[str, object]:
        """As the control endpoint shows it."""
        told = {"id": self.number, "kind": self.name, "endpoint": list(self.endpoints), "left": self.left}
        return {**told, "fired": self.fired, "options": msgspec.to_builtins(self.kind)}


@dataclass
class Faults:
    """Everything that is switched on, and the faults that were used up."""

    active: list[Fault] = field(default_factory=list)
    spent: deque[Fault] = field(default_factory=lambda: deque(maxlen=_SPENT_KEPT))
    latency: dict[str, float] = field(default_factory=dict)
    off: list[str] = field(default_factory=list)
    _numbers: "counting[int]" = field(default_factory=lambda: counting(1))

    def add(self, name: str, kind: Kind, endpoints: Sequence[str], times: int | None) -> Fault:
        """Switch one on, after those that are."""
        fault = Fault(next(self._numbers), name, kind, endpoints, times)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        self.clear_faults()
        self.latency.clear()
        self.off.clear()

    def clear_faults(self, number: int | None = None) -> None:
        """Switch off one fault, or all and forget the used-up ones."""
        if number is None:
            self.active.clear()
            self.spent.clear()
        self.active = [fault for fault in self.active if fault.number != number]

    def delay_of(self, path: str) -> float:
        """The seconds that a path waits: those of its longest prefix."""
        fitting = [prefix for prefix in self.latency if path.startswith(prefix)]
        return self.latency[max(fitting, key=len)] if fitting else 0.0

    def is_off(self, path: str) -> bool:
        """Whether a path lies at or under a switched-off one."""
        return any(path == item or path.startswith(item.rstrip("/") + "/") for item in self.off)

    def take(self, path: str, grant: str) -> Fault | None:
        """The first fault that fits, counted down; a fault that is used up goes to the spent ones."""
        fault = next((item for item in self.active if item.fits(path, grant)), None)
        if fault is None:
            return None
        fault.fired += 1
        if fault.left is not None:
            fault.left -= 1
            if fault.left <= 0:
                self.active.remove(fault)
                self.spent.append(fault)
        return fault

    def give_back(self, fault: Fault) -> None:
        """The fault found nothing to spoil: it has not fired."""
        fault.fired -= 1
        if fault.left is not None:
            fault.left += 1
            if fault in self.spent:
                self.spent.remove(fault)
                self.active.insert(0, fault)

    def summary(self) -> dict[str, object]:
        """Both lists."""
        return {
            "faults": [fault.summary() for fault in self.active],
            "spent": [fault.summary() for fault in self.spent],
        }
