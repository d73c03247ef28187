"""The simulated clock: real time plus an offset, or standing still."""

import time


class SimulatedClock:
    """Gives the simulated instant in epoch seconds; tests advance, set or freeze it."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self.frozen_at: float | None = None

    def now(self) -> float:
        """The simulated instant, epoch seconds."""
        return self.frozen_at if self.frozen_at is not None else time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Move by `seconds`, also while frozen."""
        self.offset += seconds
        if self.frozen_at is not None:
            self.frozen_at += seconds

    def set_to(self, epoch: float) -> None:
        """Jump to an instant; a frozen clock stays frozen there."""
        self.offset = epoch - time.time()
        if self.frozen_at is not None:
            self.frozen_at = epoch

    def freeze(self, frozen: bool) -> None:
        """Stop at the present simulated instant, or go on from where it stopped."""
        if frozen and self.frozen_at is None:
            self.frozen_at = self.now()
        elif not frozen and self.frozen_at is not None:
            self.offset = self.frozen_at - time.time()
            self.frozen_at = None

    def reset(self) -> None:
        """Back to real time."""
        self.offset = 0.0
        self.frozen_at = None
