"""What a start sets for its processes, with and without a Schwab app."""

from pathlib import Path

import pytest

from thor.launch import environment, ports

SETTINGS = (
    "SCHWAB_CLIENT_ID",
    "SCHWAB_BASE_URL",
    "SCHWAB_CALLBACK_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "PORT",
    "HOST",
    "SIMULATOR_PORT",
)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from an environment that says nothing and a machine whose ports are all free."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment.settings, "__defaults__", (tmp_path, environment.os.environ))
    monkeypatch.setattr(ports, "is_free", lambda host, port: port != 9000)


def test_without_a_schwab_app_thor_and_the_stand_in_point_at_each_other(tmp_path: Path) -> None:
    """The stand-in takes the next free port, and the callback that Thor uses is one that it knows."""
    plan = environment.make_plan(tmp_path)
    assert plan.resting == frozenset()
    assert plan.simulator_port == 9001
    assert plan.env["SCHWAB_BASE_URL"] == "http://127.0.0.1:9001"
    assert plan.env["SIMULATOR_PORT"] == "9001"
    assert plan.env["SCHWAB_CALLBACK_URL"] == plan.env["SIMULATOR_CALLBACKS"]
    assert plan.env["SCHWAB_CLIENT_ID"] == plan.env["SIMULATOR_CLIENT_ID"]
    assert plan.env["SCHWAB_CLIENT_SECRET"] == plan.env["SIMULATOR_CLIENT_SECRET"]
    assert plan.env["REDIS_URL"] == f"unix://{tmp_path}/redis.sock?db=0"


def test_with_a_schwab_app_nothing_of_it_is_touched(tmp_path: Path) -> None:
    """The stand-in rests, and what the file says reaches the processes as it is."""
    (tmp_path / ".env").write_text(
        "SCHWAB_CLIENT_ID=mine\nSCHWAB_BASE_URL=http://127.0.0.1:9999\nREDIS_URL=redis://127.0.0.1:6390/3\nPORT=8123\n"
    )
    plan = environment.make_plan(tmp_path)
    assert plan.resting == {"simulator", "redis"}
    assert plan.simulator_port is None
    assert plan.port == 8123
    assert plan.env["SCHWAB_BASE_URL"] == "http://127.0.0.1:9999"
    assert plan.env["REDIS_URL"] == "redis://127.0.0.1:6390/3"
    assert "REDIS_SOCKET" not in plan.env


def test_the_environment_wins_over_the_file_unless_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty variable says nothing, so it hides nothing."""
    (tmp_path / ".env").write_text("PORT=8123\nHOST=127.0.0.9\n")
    monkeypatch.setenv("PORT", "8124")
    monkeypatch.setenv("HOST", "")
    plan = environment.make_plan(tmp_path)
    assert plan.address == "http://127.0.0.9:8124/"


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_is_one_that_a_browser_opens(
    host: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every interface is shown as loopback, IPv6 in brackets."""
    monkeypatch.setenv("HOST", host)
    assert environment.make_plan(tmp_path).address == f"http://{shown}:8000/"


HERE = "https://127.0.0.1:8000/api/schwab/oauth/callback/"


@pytest.mark.parametrize("app", ["", "SCHWAB_CLIENT_ID=mine\n"], ids=["stand-in", "real"])
def test_a_callback_that_leads_here_over_https_makes_thor_serve_it(app: str, tmp_path: Path) -> None:
    """Thor, the certificate and the cookies go together, beside the stand-in as well."""
    (tmp_path / ".env").write_text(f"{app}SCHWAB_CALLBACK_URL={HERE}\n")
    plan = environment.make_plan(tmp_path)
    assert plan.tls
    assert plan.address == "https://127.0.0.1:8000/"
    assert plan.env["THOR_TLS"] == "1"
    assert plan.env["UVICORN_SSL_KEYFILE"] == str(environment.CERTIFICATES / "server.key")
    assert plan.env["UVICORN_SSL_CERTFILE"] == str(environment.CERTIFICATES / "server.pem")
    assert plan.env["SCHWAB_CALLBACK_URL"] == HERE
    assert plan.env.get("SIMULATOR_CALLBACKS", HERE) == HERE


def test_a_schwab_app_without_a_callback_is_one_of_https(tmp_path: Path) -> None:
    """The settings then take the address of this Thor, and that is https."""
    (tmp_path / ".env").write_text("SCHWAB_CLIENT_ID=mine\n")
    assert environment.make_plan(tmp_path).tls


@pytest.mark.parametrize(
    "callback",
    [
        "http://127.0.0.1:8000/api/schwab/oauth/callback/",
        "https://127.0.0.1:8443/api/schwab/oauth/callback/",
        "https://127.0.0.1/api/schwab/oauth/callback/",
        "https://desk.example.com/api/schwab/oauth/callback/",
        "https://127.0.0.1:port/",
    ],
)
def test_any_other_callback_leaves_http(callback: str, tmp_path: Path) -> None:
    """Behind a proxy, or when the address is pasted by hand, Thor speaks plain http on loopback."""
    (tmp_path / ".env").write_text(f"SCHWAB_CLIENT_ID=mine\nSCHWAB_CALLBACK_URL={callback}\n")
    plan = environment.make_plan(tmp_path)
    assert not plan.tls
    assert plan.address == "http://127.0.0.1:8000/"
    assert not {"THOR_TLS", "UVICORN_SSL_KEYFILE", "UVICORN_SSL_CERTFILE"} & plan.env.keys()


@pytest.mark.parametrize(
    ("hosts", "https"), [("desk.example.com", False), ("127.0.0.1, localhost", True), ("", True)]
)
def test_behind_a_proxy_thor_speaks_http_to_it(hosts: str, https: bool, tmp_path: Path) -> None:
    """A public host's https is its proxy's, also when the registered callback is loopback and pasted by hand."""
    (tmp_path / ".env").write_text(
        f"SCHWAB_CLIENT_ID=mine\nSCHWAB_CALLBACK_URL={HERE}\nALLOWED_HOSTS={hosts}\n"
    )
    assert environment.make_plan(tmp_path).tls is https
