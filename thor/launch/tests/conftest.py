"""A copy of the checkout, and a Thor that runs in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from thor.launch.trial import Desk, copy_checkout


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout that was never started."""
    return copy_checkout(tmp_path_factory.mktemp("whole") / "thor")


@pytest.fixture
def desk(copy: Path) -> Iterator[Desk]:
    """Return a running Thor; ended afterwards whatever the test did."""
    desk = Desk(copy)
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()
