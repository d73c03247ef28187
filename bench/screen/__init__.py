"""The screen: from a tick of the stand-in's market to the changed cell in a real browser."""


def main() -> None:
    """Measure and print."""
    from bench.screen import measure

    measure.main()
