"""What the tests of the broker's room stand on."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from livedata.schwab.tests.asking import forget_lines
from livedata.schwab.tests.fake_schwab import FakeSchwab, fake_schwab
from livedata.schwab.tests.standin import StandIn, standing_in


@pytest.fixture(autouse=True)
def own_lines() -> Iterator[None]:
    """Let each test begin and end without kept connections."""
    forget_lines()
    yield
    forget_lines()


@pytest.fixture
def schwab() -> Iterator[FakeSchwab]:
    """Return a Schwab inside this process."""
    with fake_schwab(settings.SCHWAB_BASE_URL) as fake:
        yield fake


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """Run the stand-in as a process of its own, once."""
    with standing_in(tmp_path_factory.mktemp("standin") / "log") as standin:
        yield standin


@pytest.fixture
def standin(simulator_process: StandIn, request: pytest.FixtureRequest) -> StandIn:
    """Return the stand-in as after a start, with Thor pointed at it."""
    simulator_process.reset()
    django = request.getfixturevalue("settings")
    django.SCHWAB_BASE_URL = simulator_process.url
    return simulator_process
