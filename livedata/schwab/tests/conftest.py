"""What the tests of the broker's room stand on."""

from collections.abc import Iterator

import pytest

from livedata.schwab.tests.asking import forget_lines


@pytest.fixture(autouse=True)
def own_lines() -> Iterator[None]:
    """Let each test begin and end without kept connections."""
    forget_lines()
    yield
    forget_lines()
