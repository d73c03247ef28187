"""Ticks: from a real WebSocket into dirty marks, and a flush of 10,000 rows."""


def main() -> None:
    """Measure and print."""
    from bench.ticks import measure

    measure.main()
