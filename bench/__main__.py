"""`make bench`: every benchmark in turn; with a word, those whose name holds it."""

import importlib
import os
import pkgutil
import sys

import bench
from bench import database

NO_BENCH = {"__main__", "asgi", "database", "floor", "payload", "ratio", "urls"}
ON_BOTH = ("book", "read_path", "statement", "sync", "write_path")
"""Those that need a database run once on each."""
ALSO_CALLED = {"book": ("activity",)}
"""Words that find a benchmark besides those in its name."""


def main(words: list[str]) -> None:
    """Run the benchmarks."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in NO_BENCH
    )
    names = [name for name in names if not words or _is_meant(name, words)]
    _run([name for name in names if name not in ON_BOTH])
    on_both = [name for name in names if name in ON_BOTH]
    if on_both:
        database.run_on_both(on_both)


def _is_meant(name: str, words: list[str]) -> bool:
    """Tell whether a word stands in a benchmark's name or is another word for it."""
    return any(word in called for word in words for called in (name, *ALSO_CALLED.get(name, ())))


def here(names: list[str]) -> None:
    """Run benchmarks in this process, each in the emptied database that the environment names."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    for name in names:
        call_command("flush", verbosity=0, interactive=False)
        _run([name])


def _run(names: list[str]) -> None:
    os.environ.update({name: value for name, value in database.NOT_SECRET.items() if name not in os.environ})
    import django

    django.setup()
    for name in names:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        here(sys.argv[2:])
    else:
        main(sys.argv[1:])
