"""Reads the stand-in's settings from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from simulator.wire.times import EASTERN
from simulator.world.story import FIRST_DAY, months_before

DEFAULT_CALLBACK = "http://127.0.0.1:8000/api/schwab/oauth/callback/"
DEFAULT_SEED = "thor"
DEMO_APP = ("thor-demo-app", "thor-demo-secret")


@dataclass(frozen=True)
class Settings:
    """What one simulator process is started with; `callbacks` are compared as exact strings.

    `begins` is the day on which the accounts were opened.
    """

    host: str = "127.0.0.1"
    port: int = 9000
    client_id: str = DEMO_APP[0]
    client_secret: str = DEMO_APP[1]
    callbacks: tuple[str, ...] = (DEFAULT_CALLBACK,)
    seed: str = DEFAULT_SEED
    state_path: Path | None = None
    auto_fills: bool = False
    auto_fill_seconds: float = 60.0
    heartbeat_seconds: float = 10.0
    begins: date = FIRST_DAY

    @property
    def base_url(self) -> str:
        """The address that clients use as Schwab's host."""
        return f"http://{self.host}:{self.port}"


def settings_from(env: Mapping[str, str]) -> Settings:
    """Settings from SIMULATOR_* variables; an empty variable counts as unset. Orders fill by themselves unless told.

    The accounts are about eleven months old unless told.
    """
    given = {key: value for key, value in env.items() if key.startswith("SIMULATOR_") and value.strip()}
    callbacks = given.get("SIMULATOR_CALLBACKS", DEFAULT_CALLBACK).split(",")
    state, begins = given.get("SIMULATOR_STATE"), given.get("SIMULATOR_BEGINS")
    return Settings(
        host=given.get("SIMULATOR_HOST", Settings.host),
        port=int(given.get("SIMULATOR_PORT", Settings.port)),
        client_id=given.get("SIMULATOR_CLIENT_ID", Settings.client_id),
        client_secret=given.get("SIMULATOR_CLIENT_SECRET", Settings.client_secret),
        callbacks=tuple(callback.strip() for callback in callbacks if callback.strip()),
        seed=given.get("SIMULATOR_SEED", DEFAULT_SEED),
        state_path=Path(state) if state else None,
        auto_fills=given.get("SIMULATOR_AUTO_FILLS", "1") != "0",
        auto_fill_seconds=float(given.get("SIMULATOR_AUTO_FILL_SECONDS", Settings.auto_fill_seconds)),
        begins=date.fromisoformat(begins) if begins else months_before(datetime.now(EASTERN).date(), 11),
        heartbeat_seconds=float(given.get("SIMULATOR_HEARTBEAT_SECONDS", Settings.heartbeat_seconds)),
    )
