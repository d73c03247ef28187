"""`make bench`: every benchmark in turn; with a word, those whose name holds it."""

import importlib
import os
import pkgutil
import sys

import bench

NO_BENCH = {"__main__", "payload", "ratio", "database"}


def main(words: list[str]) -> None:
    """Run the benchmarks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")
    import django

    django.setup()
    names = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in NO_BENCH
    )
    for name in names:
        if not words or any(word in name for word in words):
            importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
