"""What the doctor hears at Thor's own address: Thor, another, nobody, plain http; and which certificate."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from livedata.schwab.doctor import certificate, web
from livedata.schwab.doctor.finding import Finding
from livedata.schwab.tests.answering import answering
from thor.launch import tls

LIVE = '{"status": "ok"}'
CALLBACK = "{scheme}://127.0.0.1:{port}/api/schwab/oauth/callback/"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the certificates, empty yet."""
    monkeypatch.setattr(certificate, "folder", lambda: tmp_path)
    return tmp_path


def heard(settings: Settings, port: int, scheme: str = "http") -> dict[str, Finding]:
    """Return what the doctor finds at a port."""
    settings.PORT, settings.SCHWAB_CALLBACK_URL = port, CALLBACK.format(scheme=scheme, port=port)
    return {each.check: each for each in web.here()}


def test_thor_answers(settings: Settings) -> None:
    with answering(200, LIVE) as port:
        found = heard(settings, port)
    assert {name: each.level for name, each in found.items()} == {"web": "ok"}


def test_another_program_answers(settings: Settings) -> None:
    with answering(200, "Welcome to nginx!") as port:
        assert "it is not Thor" in heard(settings, port)["web"].message


def test_nobody_answers(settings: Settings, kept: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert heard(settings, port)["web"].level == "error"
    found = heard(settings, port, "https")
    assert (found["web"].level, found["certificate"].message) == ("error", "There is none yet.")
    assert "README.md" in found["certificate"].action
    tls.ensure(kept)
    assert heard(settings, port, "https")["certificate"].level == "ok"


def test_plain_http_where_the_callback_wants_https(settings: Settings) -> None:
    with answering(200, LIVE) as port:
        found = heard(settings, port, "https")
    assert {name: each.level for name, each in found.items()} == {"web": "error"}
    assert "plain http is spoken" in found["web"].message


def test_thors_own_certificate(settings: Settings, kept: Path) -> None:
    tls.ensure(kept)
    with answering(200, LIVE, tls=kept) as port:
        found = heard(settings, port, "https")
    assert (found["web"].level, found["certificate"].level) == ("ok", "ok")
    assert "ca.pem opens Thor without a warning (README.md" in found["certificate"].message


def test_an_authority_that_was_made_anew_while_the_server_ran(settings: Settings, kept: Path) -> None:
    tls.ensure(kept)
    with answering(200, LIVE, tls=kept) as port:
        (kept / "ca.pem").unlink()
        tls.ensure(kept)
        found = heard(settings, port, "https")["certificate"]
    assert (found.level, "not the one that issued it" in found.message) == ("warning", True)


@pytest.mark.parametrize(
    ("ago", "level", "words"),
    [(0, "ok", "Valid until"), (380, "warning", "It ends on"), (500, "error", "not valid now")],
)
def test_how_long_a_certificate_lasts(kept: Path, ago: int, level: str, words: str) -> None:
    tls.ensure(kept, datetime.now(UTC) - timedelta(days=ago))
    (finding,) = certificate.look(None)
    assert (finding.level, words in finding.message) == (level, True)


def test_somebody_elses_certificate(kept: Path) -> None:
    tls.ensure(kept)
    (kept / "ca.pem").unlink()
    (finding,) = certificate.look(None)
    assert (finding.level, "not by Thor itself" in finding.message) == ("ok", True)
    (kept / "server.pem").write_text("nonsense")
    (finding,) = certificate.look(b"nonsense")
    assert finding.message == "There is none yet."


def test_a_certificate_for_another_place(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "NAMES", tls.NAMES[:1])
    tls.ensure(kept)
    (finding,) = certificate.look(None)
    assert (finding.level, "not for 127.0.0.1" in finding.message) == ("error", True)


def test_a_public_host_is_asked_where_the_callback_leads(settings: Settings) -> None:
    settings.PUBLIC = True
    settings.SCHWAB_CALLBACK_URL = "https://127.0.0.1:1/api/schwab/oauth/callback/"
    assert not list(web.here())  # pasted by hand, so nobody has to answer there
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.SCHWAB_CALLBACK_URL = f"https://localhost:{port}/api/schwab/oauth/callback/"
    (finding,) = web.here()
    assert (finding.level, "could not be asked from here" in finding.message) == ("warning", True)
