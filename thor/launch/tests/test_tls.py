"""The certificates of this machine: who may use them, for what, until when, and what a second start makes of them."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from thor.launch import tls

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
FILES = ("ca.pem", "ca.key", "server.pem", "server.key")


def read(path: Path) -> x509.Certificate:
    """Return a certificate."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files byte for byte."""
    return {name: (folder / name).read_bytes() for name in FILES}


@contextmanager
def serving(pair: tls.Pair) -> Iterator[int]:
    """Shake hands once over TLS on a free port of loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake() -> None:
            plain, _ = listening.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as wrapped:
                    wrapped.sendall(b"hello")
            except ssl.SSLError:
                plain.close()

        thread = threading.Thread(target=shake, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)
        assert not thread.is_alive()


def greet(port: int, name: str, authority: Path) -> bytes:
    """Return what a client that trusts the authority hears from a server of that name."""
    context = ssl.create_default_context(cafile=str(authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname=name) as safe,
    ):
        return safe.recv(5)


def test_every_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    tls.ensure(tmp_path / "tls", NOW)
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert {name: (tmp_path / "tls" / name).stat().st_mode & 0o777 for name in FILES} == dict.fromkeys(
        FILES, 0o600
    )
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_the_authority_is_let_in(name: str, tmp_path: Path) -> None:
    made = tls.ensure(tmp_path / "tls")
    with serving(made.server) as port:
        assert greet(port, name, made.authority) == b"hello"


def test_one_that_trusts_another_authority_is_not(tmp_path: Path) -> None:
    made, other = tls.ensure(tmp_path / "tls"), tls.ensure(tmp_path / "other")
    with serving(made.server) as port, pytest.raises(ssl.SSLCertVerificationError):
        greet(port, "127.0.0.1", other.authority)


def test_the_authority_cannot_speak_for_other_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever steals its key impersonates nobody but this machine."""
    monkeypatch.setattr(tls, "NAMES", (x509.DNSName("api.example.com"),))
    made = tls.ensure(tmp_path / "tls")
    with serving(made.server) as port, pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        greet(port, "api.example.com", made.authority)


def test_names_and_days(tmp_path: Path) -> None:
    made = tls.ensure(tmp_path / "tls", NOW)
    server, authority = read(made.server.certificate), read(made.authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]
    assert server.not_valid_before_utc < NOW
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=397)
    assert authority.not_valid_after_utc - NOW > timedelta(days=3600)


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    assert tls.ensure(tmp_path / "tls", NOW).renewed
    before = contents(tmp_path / "tls")
    assert not tls.ensure(tmp_path / "tls", NOW + timedelta(days=365)).renewed
    assert contents(tmp_path / "tls") == before


def test_less_than_thirty_days_before_its_end_the_server_gets_a_new_one_and_trust_stays(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "tls"
    ends = read(tls.ensure(folder, NOW).server.certificate).not_valid_after_utc
    before = contents(folder)
    assert not tls.ensure(folder, ends - timedelta(days=30)).renewed
    late = ends - timedelta(days=30) + timedelta(seconds=1)
    made = tls.ensure(folder, late)
    assert made.renewed
    assert contents(folder)["ca.pem"] == before["ca.pem"]
    assert contents(folder)["server.key"] != before["server.key"]
    assert read(made.server.certificate).not_valid_after_utc - late > timedelta(days=396)
    read(made.server.certificate).verify_directly_issued_by(read(made.authority))


def test_near_its_own_end_the_authority_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    first = read(tls.ensure(folder, NOW).authority)
    late = first.not_valid_after_utc - timedelta(days=200)
    short = tls.ensure(folder, late)
    assert read(short.authority) == first
    assert read(short.server.certificate).not_valid_after_utc == first.not_valid_after_utc
    made = tls.ensure(folder, first.not_valid_after_utc - timedelta(days=29))
    assert made.renewed
    assert read(made.authority) != first
    read(made.server.certificate).verify_directly_issued_by(read(made.authority))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, b"", b"nonsense", "another"])
def test_a_missing_or_odd_file_is_mended(name: str, content: bytes | str | None, tmp_path: Path) -> None:
    """Whatever was lost, cut, or put there from elsewhere: the next start serves with a pair that fits."""
    folder = tmp_path / "tls"
    tls.ensure(folder, NOW)
    if content is None:
        (folder / name).unlink()
    elif isinstance(content, str):
        tls.ensure(tmp_path / "another", NOW)
        (folder / name).write_bytes((tmp_path / "another" / name).read_bytes())
    else:
        (folder / name).write_bytes(content)
    made = tls.ensure(folder, NOW)
    assert made.renewed
    server = read(made.server.certificate)
    server.verify_directly_issued_by(read(made.authority))
    assert server.public_key() == load_pem_private_key(made.server.key.read_bytes(), None).public_key()
    assert not tls.ensure(folder, NOW).renewed
