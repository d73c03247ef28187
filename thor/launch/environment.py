"""The environment in which every process of `make run` starts, with the stand-in where no Schwab is set."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from thor.launch import dotenv, ports
from thor.launch.guard import MARK
from thor.launch.paths import ROOT, VAR
from thor.launch.servers import redis_program, redis_url

DEMO_CLIENT = ("thor-demo-app", "thor-demo-secret")
CALLBACK_PATH = "/api/schwab/oauth/callback/"
CERTIFICATES = VAR / "tls"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


@dataclass(frozen=True)
class Plan:
    """What one `make run` starts: where it listens, with which settings, which lines of the Procfile rest."""

    host: str
    port: int
    simulator_port: int | None
    env: dict[str, str]
    resting: frozenset[str]
    tls: bool = False

    @property
    def address(self) -> str:
        """Return the address that a browser on this machine opens."""
        return f"http{'s' if self.tls else ''}://{_url_host(self.host)}:{self.port}/"


def _url_host(host: str) -> str:
    """Return the host as it stands in an address; a server on every interface is reached over loopback."""
    if host in ("", "0.0.0.0"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def settings(root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment over `.env`; an empty value in the environment hides none of the file's."""
    said = dotenv.read(root / ".env")
    return {**said, **{key: value for key, value in environ.items() if value or key not in said}}


def _simulator_port(said: Mapping[str, str], port: int, *, claim: bool) -> int:
    """Return the stand-in's port: the one asked for, else 1,000 above Thor's, else the next free one."""
    asked = said.get("SIMULATOR_PORT", "")
    if asked:
        number = ports.parse(asked, "SIMULATOR_PORT")
        if claim:
            ports.require_free("127.0.0.1", number, "SIMULATOR_PORT")
        return number
    return ports.next_free("127.0.0.1", port + 1000 if port + 1000 <= 65535 else port - 1000)


def _demo(said: Mapping[str, str], port: int, simulator_port: int) -> dict[str, str]:
    """Return the settings that point Thor at the stand-in, and the stand-in at Thor."""
    client_id, client_secret = DEMO_CLIENT
    callback = said.get("SCHWAB_CALLBACK_URL", "")
    if not _serves_https(said, callback, port):
        callback = f"http://127.0.0.1:{port}{CALLBACK_PATH}"
    return {
        "SCHWAB_BASE_URL": f"http://127.0.0.1:{simulator_port}",
        "SCHWAB_CLIENT_ID": client_id,
        "SCHWAB_CLIENT_SECRET": client_secret,
        "SCHWAB_CALLBACK_URL": callback,
        "SIMULATOR_PORT": str(simulator_port),
        "SIMULATOR_CLIENT_ID": client_id,
        "SIMULATOR_CLIENT_SECRET": client_secret,
        "SIMULATOR_CALLBACKS": callback,
        "SIMULATOR_STATE": said.get("SIMULATOR_STATE") or str(VAR / "simulator.json"),
    }


def _serves_https(said: Mapping[str, str], callback: str, port: int) -> bool:
    """Tell whether a callback address is this Thor's own, over https.

    A desk with a public host has a proxy in front that speaks https for it; the callback is then pasted by hand.
    """
    hosts = {host.strip() for host in said.get("ALLOWED_HOSTS", "").split(",")} - {""}
    try:
        parts = urlsplit(callback)
        return hosts <= LOOPBACK and (parts.scheme, parts.hostname, parts.port or 443) == (
            "https",
            "127.0.0.1",
            port,
        )
    except ValueError:
        return False


def _tls() -> dict[str, str]:
    """Return what makes uvicorn serve https (its own variables for its own options) and Thor's cookies keep to it."""
    key, certificate = str(CERTIFICATES / "server.key"), str(CERTIFICATES / "server.pem")
    return {"THOR_TLS": "1", "UVICORN_SSL_KEYFILE": key, "UVICORN_SSL_CERTFILE": certificate}


def make_plan(sockets: Path, *, claim: bool = True) -> Plan:
    """Decide what a start runs; ends the launcher with a sentence when a port is no number or, claimed, is taken."""
    env = settings()
    host, port = env.get("HOST") or "127.0.0.1", ports.parse(env.get("PORT") or "8000")
    if claim:
        ports.require_free(host, port)
    resting: set[str] = set()
    simulator_port = None
    if env.get("SCHWAB_CLIENT_ID"):
        resting.add("simulator")
    else:
        simulator_port = _simulator_port(env, port, claim=claim)
        env.update(_demo(env, port, simulator_port))
    callback = env.get("SCHWAB_CALLBACK_URL") or f"https://127.0.0.1:{port}{CALLBACK_PATH}"
    if tls := _serves_https(env, callback, port):
        env.update(_tls())
    if env.get("REDIS_URL"):
        resting.add("redis")
    else:
        socket = sockets / "redis.sock"
        env.update(REDIS_SERVER=redis_program(), REDIS_SOCKET=str(socket), REDIS_URL=redis_url(socket))
    env.update({"HOST": host, "PORT": str(port), "PYTHONUNBUFFERED": "1", MARK: str(ROOT)})
    return Plan(host, port, simulator_port, env, frozenset(resting), tls)
