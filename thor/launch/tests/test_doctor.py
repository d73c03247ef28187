"""The examination sees the settings that the processes have, whether they run or not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from thor.launch import doctor
from thor.launch.trial import Desk


def examine(desk: Desk) -> tuple[dict[str, dict[str, Any]], str]:
    """Return the findings by name and what was said beside them; nothing on the way there names the ports."""
    env = {
        name: value for name, value in desk.environment().items() if name not in ("PORT", "SIMULATOR_PORT")
    }
    words = [sys.executable, "-m", "thor.launch", "doctor", "--json"]
    done = subprocess.run(
        words, cwd=desk.folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["healthy"] else 1)
    return {finding["check"]: finding for finding in said["findings"]}, done.stderr


@pytest.mark.system
def test_it_has_the_settings_of_the_running_thor_and_of_the_next_one(desk: Desk) -> None:
    """Ports, Redis and the stand-in are the running ones; a setting that was changed since is named."""
    found, beside = examine(desk)
    assert desk.simulator in found["SCHWAB_BASE_URL"]["message"]
    assert desk.address in found["SCHWAB_CALLBACK_URL"]["message"]
    assert {found[name]["level"] for name in ("redis", "database", "web")} == {"ok"}
    assert beside == ""

    with (desk.folder / ".env").open("a") as file:
        file.write("SCHWAB_CLIENT_ID=mine\nSCHWAB_BASE_URL=http://127.0.0.1:1\n")
    _, beside = examine(desk)
    assert "the running Thor has another SCHWAB_CLIENT_ID, SCHWAB_BASE_URL than .env says" in beside

    desk.stop()
    found, beside = examine(desk)
    assert "Thor is not running from this checkout" in beside
    assert "http://127.0.0.1:1," in found["SCHWAB_BASE_URL"]["message"]
    assert found["redis"]["level"] == "error"
    (desk.folder / ".env").unlink()


def test_only_what_the_file_says_can_differ(tmp_path: Path) -> None:
    """What the launcher adds for its processes is no difference."""
    (tmp_path / ".env").write_text("SECRET_KEY=same\nPORT=8123\n")
    env = {"SECRET_KEY": "same", "PORT": "8000", "SCHWAB_BASE_URL": "http://127.0.0.1:9000"}
    assert doctor.differing(env, tmp_path) == ["PORT"]
    assert doctor.differing(env, tmp_path / "elsewhere") == []


def test_a_checkout_that_runs_nothing_has_no_environment(tmp_path: Path) -> None:
    assert doctor.running(tmp_path) is None
