"""One HTTP request against a server that does everything wrong."""

import logging
import socket
import ssl
import traceback
from pathlib import Path

import pytest

from livedata.schwab import errors, transport
from livedata.schwab.tests.asking import BODY, CANARY, ask
from livedata.schwab.tests.odd_server import CHUNKED, OK, Script, gzipped, says, serving, silence, whole


def test_a_proper_answer_is_read_whole() -> None:
    with serving(says(whole(BODY, b"X-Thing: 1\r\n"))) as server:
        answer = ask(server.url, 5)
    assert (answer.status, answer.body, answer.headers["x-thing"]) == (200, BODY, "1")
    assert answer.is_json


def test_gzip_and_chunks_are_undone() -> None:
    with serving(says(gzipped(BODY))) as server:
        assert ask(server.url, 5).body == BODY
    with serving(says(CHUNKED + b"4\r\n" + BODY[:4] + b"\r\n4\r\n" + BODY[4:] + b"\r\n0\r\n\r\n")) as server:
        assert ask(server.url, 5).body == BODY


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(errors.SchwabUnreachable, match="The connection was refused"):
        ask(f"http://127.0.0.1:{port}")


def test_a_certificate_that_is_no_certificate() -> None:
    with serving(silence) as server, pytest.raises(errors.SchwabUnreachable):
        ask(server.url.replace("http:", "https:"))
    assert transport._words(_ssl_error()) == "The TLS certificate was not accepted."


def _ssl_error() -> Exception:
    return transport.requests.exceptions.SSLError(ssl.SSLError("bad certificate"))


CUTS = {
    "before the headers": b"",
    "in a body with a length": OK + b"Content-Length: 100\r\n\r\n[1, 2",
    "in a chunk": CHUNKED + b"64\r\n[1, 2",
    "between chunks": CHUNKED + b"6\r\n[1, 2,\r\n",
    "in the length of a chunk": CHUNKED + b"6\r\n[1, 2,\r\n1",
}


@pytest.mark.parametrize("sent", CUTS.values(), ids=CUTS.keys())
def test_a_cut_line_is_no_answer(sent: bytes) -> None:
    with (
        serving(says(sent, hang_up=True)) as server,
        pytest.raises(errors.SchwabUnreachable, match="The connection was cut"),
    ):
        ask(server.url, 5)


def test_a_line_cut_in_the_headers_leaves_an_empty_body_which_no_reader_takes() -> None:
    with serving(says(OK, hang_up=True)) as server:
        assert ask(server.url, 5).body == b""


@pytest.mark.parametrize(
    "body", [b"this is no gzip", gzipped(BODY * 50).partition(b"\r\n\r\n")[2][:20] + b"x" * 30]
)
def test_broken_gzip_is_odd(body: bytes) -> None:
    with (
        serving(says(whole(body, b"Content-Encoding: gzip\r\n"))) as server,
        pytest.raises(errors.SchwabOddAnswer, match="compression was broken"),
    ):
        ask(server.url, 5)


@pytest.mark.parametrize("status", [b"301", b"302", b"303", b"307", b"308", b"304"])
def test_a_redirect_is_refused_and_not_followed(status: bytes) -> None:
    with serving(says(whole(BODY))) as elsewhere:
        answer = (
            b"HTTP/1.1 " + status + b" Go\r\nLocation: " + elsewhere.url.encode() + b"\r\n"
            b"Content-Length: 0\r\n\r\n"
        )
        with (
            serving(says(answer)) as server,
            pytest.raises(errors.SchwabOddAnswer, match="redirect") as caught,
        ):
            ask(server.url, 5)
        assert caught.value.status == int(status)
        assert elsewhere.requests == []


def test_an_endless_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_BODY", 1 << 20)
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    def endless(line: socket.socket) -> None:
        line.sendall(CHUNKED)
        for _ in range(200):
            line.sendall(piece)

    with serving(endless) as server, pytest.raises(errors.SchwabOddAnswer, match="larger than 1 MiB"):
        ask(server.url, 20)


def test_compressed_endlessness_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_BODY", 1 << 20)
    with (
        serving(says(gzipped(b"0" * (8 << 20)))) as server,
        pytest.raises(errors.SchwabOddAnswer, match="larger than 1 MiB"),
    ):
        ask(server.url, 20)


def test_html_is_an_answer_but_not_json() -> None:
    page = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"
    with serving(says(page)) as server:
        answer = ask(server.url, 5)
    assert (answer.status, answer.is_json, answer.text) == (403, False, "<html>")


@pytest.mark.parametrize("answer", [whole(BODY), gzipped(BODY), CHUNKED + b"8\r\n" + BODY + b"\r\n0\r\n\r\n"])
def test_two_calls_share_one_connection(answer: bytes) -> None:
    with serving(says(answer)) as server:
        assert [ask(server.url, 5).body, ask(server.url, 5).body] == [BODY, BODY]
        assert (server.connections, len(server.requests)) == (1, 2)


def test_a_line_that_the_server_closed_meanwhile_is_opened_anew() -> None:
    with serving(says(whole(BODY, b"Connection: close\r\n"), hang_up=True)) as server:
        assert [ask(server.url, 5).body, ask(server.url, 5).body] == [BODY, BODY]
        assert server.connections == 2


def test_cookies_of_one_answer_do_not_travel_with_the_next() -> None:
    with serving(says(whole(BODY, b"Set-Cookie: who=somebody; Path=/\r\n"))) as server:
        ask(server.url, 5)
        ask(server.url, 5)
        assert b"somebody" not in server.requests[1]


def test_netrc_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(says(whole(BODY))) as server:
        ask(server.url, 5)
        assert f"Authorization: Bearer {CANARY}".encode() in server.requests[0]


TROUBLE = {
    "cut": says(OK, hang_up=True),
    "silent": silence,
    "redirect": says(b"HTTP/1.1 302 Go\r\nLocation: /canary-in-the-query\r\nContent-Length: 0\r\n\r\n"),
    "gzip": says(whole(b"no", b"Content-Encoding: gzip\r\n")),
    "headers": says(b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 0\r\n\r\n"),
    "chunk": says(CHUNKED + b"zz\r\n", hang_up=True),
}


@pytest.mark.parametrize("script", TROUBLE.values(), ids=TROUBLE.keys())
def test_neither_query_nor_token_reaches_texts_or_logs(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(script) as server:
        told = _told(server.url)
    assert CANARY not in told
    assert CANARY not in caplog.text


def _told(url: str) -> str:
    """Ask and return all that an unhandled error would print."""
    try:
        ask(url)
    except errors.SchwabError as error:
        return "".join(traceback.format_exception(error)) + repr(error)
    return ""


def test_an_address_where_nobody_listens_is_not_named(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(silence) as server:
        url = server.url
    told = _told(url)
    assert "refused" in told
    assert CANARY not in told + caplog.text
