"""Every kind of fault that answers instead, is late or breaks off, by endpoint and count, and the way back."""

import gzip
import zlib

import pytest
import requests

from simulator.tests.conftest import Wire
from simulator.tests.trouble import ALL, Told, faults, ordered, raw

FAMILY_A = {"errors"}
FAMILY_B = {"message"}


@pytest.mark.parametrize(
    ("kind", "options", "path", "seen"),
    [
        ("unauthorized", {}, ALL, (401, FAMILY_A)),
        ("unauthorized", {}, "/marketdata/v1/quotes", (401, FAMILY_A)),
        ("throttled", {}, ALL, (429, FAMILY_A)),
        ("server_error", {}, ALL, (500, FAMILY_B)),
        ("server_error", {}, "/marketdata/v1/quotes", (500, FAMILY_A)),
        ("server_error", {"family": "A"}, ALL, (500, FAMILY_A)),
        ("bad_gateway", {}, ALL, (502, {"fault"})),
        ("unavailable", {}, ALL, (503, FAMILY_B)),
        ("unavailable", {"family": "A"}, ALL, (503, FAMILY_A)),
    ],
)
def test_refusals_and_outages_in_their_families(
    wire: Wire, kind: str, options: Told, path: str, seen: tuple[int, set[str]]
) -> None:
    status, keys = seen
    wire.sign_in()
    ordered(wire, kind, **options)
    answer = wire.get(path, symbols="AAPL")
    assert answer.status_code == status
    assert set(answer.json()) == keys
    assert len(answer.headers["Schwab-Client-CorrelId"]) == 36
    if keys == FAMILY_A:
        assert answer.json()["errors"][0]["status"] == status
    assert wire.get(path, symbols="AAPL").status_code == 200


@pytest.mark.parametrize(
    ("kind", "options", "seen", "text"),
    [
        ("cdn_403", {}, (403, "text/html"), "<TITLE>Access Denied</TITLE>"),
        ("not_found_text", {}, (404, "text/plain"), f"Requested route ('{ALL}') does not exist."),
        ("server_error", {"family": "D"}, (500, "text/plain"), "error"),
        ("gateway_timeout", {}, (504, "text/plain"), "upstream request timeout"),
        ("html_ok", {}, (200, "text/html"), "<html>"),
        ("wrong_content_type", {}, (200, "text/html"), '"securitiesAccount"'),
        ("wrong_content_type", {"form": "html_as_json"}, (200, "application/json"), "<html>"),
        ("empty_body", {}, (200, "application/json"), ""),
    ],
)
def test_answers_that_are_not_what_they_should_be(
    wire: Wire, kind: str, options: Told, seen: tuple[int, str], text: str
) -> None:
    status, label = seen
    wire.sign_in()
    ordered(wire, kind, **options)
    answer = wire.get(ALL)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(label)
    assert text in answer.text
    assert bool(answer.text) == bool(text)


def test_throttling_with_and_without_its_header(wire: Wire) -> None:
    wire.sign_in()
    date = "Wed, 25 Nov 2026 08:00:00 GMT"
    for given, shown in ((60, "60"), (0.5, "0.5"), (date, date), (None, None)):
        ordered(wire, "throttled", retry_after=given)
        assert wire.get(ALL).headers.get("Retry-After") == shown


def test_status_inside_the_body_as_text_and_as_number(wire: Wire) -> None:
    wire.sign_in()
    for kind, shown in (("status_text", "500"), ("status_number", 500)):
        ordered(wire, kind, status=500)
        answer = wire.get(ALL)
        assert (answer.status_code, answer.json()["errors"][0]["status"]) == (500, shown)


def test_a_followed_redirect_is_counted(wire: Wire) -> None:
    wire.sign_in()
    wire.control("calls/reset")
    ordered(wire, "redirect", status=307)
    refused = wire.http.get(wire.base + ALL, headers=wire.headers, allow_redirects=False, timeout=10)
    assert (refused.status_code, refused.headers["Location"]) == (307, "/redirected")
    ordered(wire, "redirect")
    assert wire.get(ALL).status_code == 404
    assert wire.http.get(f"{wire.base}/_control/calls", timeout=10).json()["routes"] == {
        "GET /redirected": 1,
        f"GET {ALL}": 2,
    }


def test_gzip_that_is_none_or_cut_or_an_error(wire: Wire) -> None:
    wire.sign_in()
    for form in ("garbage", "truncated"):
        ordered(wire, "bad_gzip", form=form)
        seen = raw(wire, ALL, until=b"\r\n\r\n", Connection="close")
        head, body = seen.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200")
        assert b"content-encoding: gzip" in head
        with pytest.raises((EOFError, zlib.error)):
            gzip.decompress(body)
    ordered(wire, "bad_gzip", form="error")
    answer = wire.http.get(
        wire.base + ALL, headers=wire.headers | {"Accept-Encoding": "identity"}, timeout=10
    )
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (503, "gzip")
    assert answer.json() == {"message": "Service temporarily unavailable"}


def test_dripped_bytes(wire: Wire) -> None:
    wire.sign_in()
    ordered(wire, "drip_headers", rate=40)
    assert b"\r\n" not in raw(wire, ALL, until=b"H")
    ordered(wire, "drip_body", rate=40)
    head, body = raw(wire, ALL, until=b"\r\n\r\n[").split(b"\r\n\r\n")
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(body) < 40 < promised
    for kind in ("drip_headers", "drip_body"):
        ordered(wire, kind, rate=1_000_000)
        answer = wire.get(ALL)
        assert len(answer.json()) == 5
        assert "Schwab-Client-CorrelId" in answer.headers
    assert wire.get(ALL).status_code == 200


@pytest.mark.parametrize("options", [{}, {"chunked": True}, {"after": 0}, {"reset": True}])
def test_cut_bodies(wire: Wire, options: Told) -> None:
    wire.sign_in()
    ordered(wire, "cut_body", **options)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        wire.get(ALL, fields="positions")
    assert wire.get(ALL).status_code == 200


def test_a_cut_body_without_compression_is_half_of_the_answer(wire: Wire) -> None:
    wire.sign_in()
    whole = wire.http.get(
        wire.base + ALL, headers=wire.headers | {"Accept-Encoding": "identity"}, timeout=10
    ).content
    ordered(wire, "cut_body")
    assert raw(wire, ALL).split(b"\r\n\r\n", 1)[1] == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("variant", "status", "error", "text"),
    [
        ("authentication_error", 400, "unsupported_token_type", "refresh_token_authentication_error"),
        ("invalid_client", 400, "invalid_client", "refresh_token_invalid"),
        ("invalid_client_401", 401, "invalid_client", "refresh token invalid"),
        ("invalid_grant", 400, "invalid_grant", "Invalid refresh token: null"),
        ("secret", 401, "invalid_client", "Unauthorized"),
    ],
)
def test_refused_refreshes(wire: Wire, variant: str, status: int, error: str, text: str) -> None:
    ordered(wire, "refused_refresh", variant=variant)
    token = wire.sign_in()["refresh_token"]
    answer = wire.refresh(token)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert text in answer.json()["error_description"]
    assert wire.refresh(token).status_code == 200


def test_refused_codes(wire: Wire) -> None:
    token = wire.sign_in()["refresh_token"]
    texts = {
        "expired": "has expired,expiration=",
        "malformed": "code header",
        "redirect_uri": "Bad redirect_uri",
    }
    for variant, text in texts.items():
        ordered(wire, "expired_code", variant=variant)
        assert wire.refresh(token).status_code == 200
        answer = wire.exchange(wire.redirect()["code"])
        assert answer.status_code == 400
        assert text in answer.json()["error_description"]


def test_endpoints_by_name(wire: Wire) -> None:
    wire.sign_in()
    one = f"{ALL}/{wire.hash_of(1)}"
    paths = {
        "accountNumbers": f"{ALL}/accountNumbers",
        "accounts": ALL,
        "account": one,
        "orders": f"{one}/orders",
        "transactions": f"{one}/transactions",
        "userPreference": "/trader/v1/userPreference",
        "quotes": "/marketdata/v1/AAPL/quotes",
        "markets": "/marketdata/v1/markets/equity",
        "pricehistory": "/marketdata/v1/pricehistory",
    }
    for name in paths:
        fault = wire.control("faults", kind="status", status=418, endpoint=name)["id"]
        assert [other for other, path in paths.items() if wire.get(path).status_code == 418] == [name]
        wire.http.request("DELETE", f"{wire.base}/_control/faults", json={"id": fault}, timeout=10)
    ordered(wire, "status", status=418, endpoint=["token", "orders"])
    assert wire.refresh("any").status_code == 418


def test_faults_are_listed_with_how_often_they_fired(wire: Wire) -> None:
    wire.sign_in()
    wire.control("faults", kind="unauthorized", endpoint="quotes", count=3)
    wire.control("faults", kind="missing_rows", account=1)
    ordered(wire, "throttled", endpoint="accounts", retry_after=5)
    wire.get("/marketdata/v1/quotes", symbols="AAPL")
    wire.get(f"{ALL}/{wire.hash_of(2)}", fields="positions")
    assert wire.get(ALL, fields="positions").status_code == 200
    assert wire.get(ALL).status_code == 200
    told = faults(wire)
    assert [(item["kind"], item["left"], item["fired"]) for item in told["faults"]] == [
        ("unauthorized", 2, 1),
        ("missing_rows", None, 1),
        ("throttled", 1, 0),
    ]
    assert told["faults"][2]["options"] == {"retry_after": 5}
    wire.http.delete(f"{wire.base}/_control/faults", timeout=10)
    assert faults(wire) == {"faults": [], "spent": []}
    ordered(wire, "throttled")
    wire.get(ALL)
    assert [item["fired"] for item in faults(wire)["spent"]] == [1]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "throttled", "count": 0},
        {"kind": "throttled", "endpoint": "account_numbers"},
        {"kind": "drip_body", "rate": 0},
        {"kind": "server_error", "family": "C"},
        {"kind": "missing_rows", "rows": "all"},
        {"kind": "redirect", "status": 200},
        {"kind": "cut_body", "after": 1},
    ],
)
def test_unreadable_faults_are_refused(wire: Wire, body: Told) -> None:
    answer = requests.post(f"{wire.base}/_control/faults", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert faults(wire)["faults"] == []
