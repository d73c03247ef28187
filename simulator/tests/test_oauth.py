"""The sign-in walk, the life of codes and tokens, and every error body of the token endpoint."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests

from simulator.settings import DEFAULT_CALLBACK, DEMO_APP, Settings
from simulator.tests.conftest import Wire, run

MINUTE, DAY = 60, 86400


def error_of(answer: requests.Response, status: int = 400) -> tuple[str, str]:
    assert answer.status_code == status
    body = answer.json()
    assert set(body) == {"error", "error_description"}
    return body["error"], body["error_description"]


def test_the_whole_walk_gives_tokens(wire: Wire) -> None:
    query = wire.redirect(state="a&b=c/é")
    assert query["state"] == "a&b=c/é"
    assert re.fullmatch(r"C0\.b2F1dGgyLmJkYy5zY2h3YWIuY29t\.[\w-]+@", query["code"])
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", query["session"])
    answer = wire.exchange(query["code"])
    body = answer.json()
    assert list(body) == ["expires_in", "token_type", "scope", "refresh_token", "access_token", "id_token"]
    assert (body["expires_in"], body["token_type"], body["scope"]) == (1800, "Bearer", "api")
    assert body["access_token"].startswith("I0.")
    assert body["access_token"].endswith("@")
    assert body["refresh_token"].endswith("@")
    claims = body["id_token"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "==="))["aud"] == DEMO_APP[0]


def test_the_code_is_percent_encoded_once_in_the_redirect(wire: Wire) -> None:
    page = wire.consent_page()
    number = re.search(r'name="account" value="(\d+)"', page.text)
    assert number
    location = wire.step("consent", page, account=number[1]).headers["Location"]
    assert location.startswith(f"{DEFAULT_CALLBACK}?code=C0.")
    assert re.search(r"%40&session=[0-9a-f-]{36}$", location)


def test_pages_are_labelled_and_say_what_is_wrong(wire: Wire) -> None:
    page = wire.authorize()
    assert "Schwab stand-in" in page.text
    page = wire.step("sign-in", page, login="demo", password="wrong")
    assert "do not match" in page.text
    page = wire.step("sign-in", page, login="demo", password="demo")
    assert "123456" in page.text
    page = wire.step("second-factor", page, code="000000")
    assert "not right" in page.text
    page = wire.step("second-factor", page, code="123456")
    assert "Contributory IRA" in page.text
    assert "Tick at least one" in wire.step("consent", page).text


def test_a_page_cannot_be_skipped(wire: Wire) -> None:
    page = wire.authorize()
    assert wire.step("consent", page).status_code == 400
    assert wire.step("second-factor", page, code="123456").status_code == 400


def test_cancel_at_every_page_is_access_denied(wire: Wire) -> None:
    pages = [("sign-in", wire.authorize(state="s 1")), ("consent", wire.consent_page(state="s 1"))]
    for name, page in pages:
        answer = wire.step(name, page, choice="cancel")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{DEFAULT_CALLBACK}?error=access_denied&state=s%201"


def test_only_ticked_accounts_appear(wire: Wire) -> None:
    numbers = [account["number"] for account in wire.state()["accounts"]]
    wire.sign_in(keep=lambda number: number in numbers[1:3])
    shown = [row["accountNumber"] for row in wire.get("/trader/v1/accounts/accountNumbers").json()]
    assert shown == numbers[1:3]
    assert len(wire.get("/trader/v1/accounts").json()) == 2
    assert len(wire.get("/trader/v1/userPreference").json()["accounts"]) == 2
    assert wire.get(f"/trader/v1/accounts/{wire.hash_of(1)}").status_code == 404


def test_an_account_of_another_login_cannot_be_ticked(wire: Wire) -> None:
    foreign = wire.state()["accounts"][5]["number"]
    page = wire.consent_page("demo")
    assert "Tick at least one" in wire.step("consent", page, account=foreign).text


def test_authorize_refuses_strangers(wire: Wire) -> None:
    assert error_of(wire.authorize(client_id="nobody"), 401) == ("invalid_client", "Unauthorized")
    for wrong in (DEFAULT_CALLBACK.rstrip("/"), DEFAULT_CALLBACK.upper(), DEFAULT_CALLBACK + "?a=b"):
        answer = wire.authorize(redirect_uri=wrong)
        assert answer.status_code == 403
        assert "<TITLE>Access Denied</TITLE>" in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_code_works_once_and_for_thirty_seconds(wire: Wire) -> None:
    code = wire.redirect()["code"]
    wire.control("clock", advance_seconds=29.9)
    assert wire.exchange(code).status_code == 200
    error, text = error_of(wire.exchange(code))
    assert error == "unsupported_token_type"
    assert "Bad authorization code" in text
    late = wire.redirect()["code"]
    wire.control("clock", advance_seconds=30)
    error, text = error_of(wire.exchange(late))
    assert error == "unsupported_token_type"
    found = re.search(r"AuthorizationCode has expired,expiration=(\d{13}),now=(\d{13}) ", text)
    assert found
    assert found[1] == found[2]
    assert '"error":"invalid_request"' in text


def test_double_encoded_and_mangled_codes(wire: Wire) -> None:
    code = wire.redirect()["code"]
    for wrong in (quote(code), code[:-1], "xyz", "", "C0.b2F1.unknown@"):
        error, text = error_of(wire.exchange(wrong))
        assert error == "unsupported_token_type"
        assert f"Invalid authorization code header: {wrong[:3]} " in text
        assert '"error":"invalid_request"' in text
    assert wire.exchange(code).status_code == 200


def test_wrong_client_redirect_and_grant(wire: Wire) -> None:
    code = wire.redirect()["code"]
    for auth in ((DEMO_APP[0], "wrong"), ("nobody", DEMO_APP[1])):
        answer = wire.token(auth, grant_type="authorization_code", code=code, redirect_uri=DEFAULT_CALLBACK)
        assert error_of(answer, 401) == ("invalid_client", "Unauthorized")
    bare = requests.post(wire.base + "/v1/oauth/token", data={"grant_type": "refresh_token"}, timeout=10)
    assert bare.status_code == 401
    assert error_of(wire.exchange(code, DEFAULT_CALLBACK.rstrip("/")))[0] == "invalid_request"
    assert error_of(wire.token(grant_type="password"))[0] == "unsupported_grant_type"
    assert wire.exchange(code).status_code == 200


def test_the_app_itself_gets_a_token_without_refresh(wire: Wire) -> None:
    body = wire.token(grant_type="client_credentials").json()
    assert body["expires_in"] == 3600
    assert not {"refresh_token", "id_token"} & set(body)
    wire.headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert wire.get("/trader/v1/accounts").json() == []


def test_refresh_does_not_rotate_and_dies_seven_days_after_the_login(wire: Wire) -> None:
    first = wire.sign_in()
    wire.control("clock", advance_seconds=6 * DAY)
    second = wire.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    wire.control("clock", advance_seconds=DAY - 1)
    assert wire.refresh(first["refresh_token"]).status_code == 200
    wire.control("clock", advance_seconds=1)
    error, text = error_of(wire.refresh(first["refresh_token"]))
    assert error == "unsupported_token_type"
    assert "Exception while authenticating refresh token [tokenDigest=" in text
    assert '"error":"refresh_token_authentication_error"' in text


def test_an_access_token_lives_thirty_minutes(wire: Wire) -> None:
    wire.sign_in()
    wire.control("clock", advance_seconds=30 * MINUTE - 1)
    assert wire.get("/trader/v1/accounts").status_code == 200
    wire.control("clock", advance_seconds=1)
    assert wire.get("/trader/v1/accounts").status_code == 401


def test_a_newer_login_ends_the_older_refresh_token(wire: Wire) -> None:
    first, other = wire.sign_in(), wire.sign_in("other")
    second = wire.sign_in()
    assert "refresh_token_authentication_error" in wire.refresh(first["refresh_token"]).text
    assert wire.refresh(second["refresh_token"]).status_code == 200
    assert wire.refresh(other["refresh_token"]).status_code == 200
    assert "refresh_token_authentication_error" in wire.refresh("mistyped@").text


@contextmanager
def started(state_file: Path) -> Iterator[Wire]:
    yield from run(Settings(state_path=state_file))


def test_logins_survive_a_restart(state_file: Path) -> None:
    with started(state_file) as before:
        tokens = before.sign_in()
        before.control("clock", advance_seconds=2 * DAY)
        tokens = before.refresh(tokens["refresh_token"]).json()
    assert state_file.stat().st_mode & 0o777 == 0o600
    with started(state_file) as after:
        after.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert after.get("/trader/v1/accounts").status_code == 200
        after.control("clock", advance_seconds=5 * DAY)
        assert "refresh_token_authentication_error" in after.refresh(tokens["refresh_token"]).text
