"""The token endpoint's words, the one-time state, and addresses that people paste."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import errors, oauth
from livedata.schwab.models import OAuthState
from livedata.schwab.tests.fake_schwab import TOKEN, FakeSchwab, Reply, said
from livedata.schwab.tests.people import user

pytestmark = pytest.mark.django_db
CODE = "C0.b2F1dGgyLmJkYy5zY2h3YWIuY29t.canary-code@"
WRAP = '400 Bad Request: "{"error_description":"Bad authorization code: %s ","error":"invalid_request"}"'


def wrapped(reason: str) -> Reply:
    """Return the badly escaped error body of §1.7."""
    return said(400, {"error": "unsupported_token_type", "error_description": WRAP % reason})


ANSWERS: dict[str, tuple[Reply, type[errors.SchwabError], str]] = {
    "old code": (
        wrapped("AuthorizationCode has expired,expiration=1790000000000,now=1790000040000"),
        errors.CodeExpired,
        "code_expired",
    ),
    "bad code": (wrapped("Invalid authorization code header: C0."), errors.CodeRefused, "code_refused"),
    "other refusal": (said(400, {"error": "invalid_grant"}), errors.CodeRefused, "code_refused"),
    "wrong secret": (
        said(401, {"error": "invalid_client", "error_description": "Unauthorized"}),
        errors.ClientRefused,
        "client_refused",
    ),
    "wrong callback": (
        said(400, {"error": "invalid_request", "error_description": "400 Bad Request: Bad redirect_uri"}),
        errors.RedirectRefused,
        "redirect_refused",
    ),
    "html 403": (said(403, "<TITLE>Access Denied</TITLE>", "text/html"), errors.SchwabOddAnswer, ""),
    "html 500": (said(500, "Whitelabel Error Page", "text/html"), errors.SchwabUnavailable, ""),
    "html 200": (said(200, "<html>", "text/html"), errors.SchwabOddAnswer, ""),
    "not a token": (said(200, {"token_type": "Bearer"}), errors.SchwabOddAnswer, ""),
    "a list": (said(200, []), errors.SchwabOddAnswer, ""),
    "throttled": (said(429, ""), errors.SchwabThrottled, "schwab_unreachable"),
    "silence": (requests.ReadTimeout(), errors.SchwabUnreachable, "schwab_unreachable"),
    "nobody": (requests.ConnectionError("refused"), errors.SchwabUnreachable, "schwab_unreachable"),
    "redirect": (said(302, ""), errors.SchwabOddAnswer, ""),
}
REASONS = {errors.SchwabOddAnswer: "schwab_odd_answer", errors.SchwabUnavailable: "schwab_unreachable"}


@pytest.mark.parametrize(("reply", "kind", "reason"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_refusal_of_a_code_has_its_error_and_reason(
    schwab: FakeSchwab, reply: Reply, kind: type[errors.SchwabError], reason: str
) -> None:
    schwab.says(TOKEN, reply)
    with pytest.raises(kind) as caught:
        oauth.exchange_code_for_tokens(CODE)
    assert type(caught.value) is kind
    assert errors.oauth_reason(caught.value) == (reason or REASONS[kind])
    assert schwab.calls[TOKEN] == 1
    assert "canary" not in str(caught.value) + caught.value.action


def test_the_exchange_says_what_schwab_wants(schwab: FakeSchwab, settings: Settings) -> None:
    tokens = oauth.exchange_code_for_tokens(CODE)
    assert schwab.form() == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": settings.SCHWAB_CALLBACK_URL,
    }
    assert "canary-code%40" in str(schwab.seen[0].body)
    assert (tokens.access_token, tokens.expires_in) == ("canary-access-1@", 1800)


def test_no_reason_is_without_a_place_on_the_screen() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    plain = [kind for kind in kinds if issubclass(kind, errors.SchwabError)]
    assert len(plain) > 10
    for kind in plain:
        error = kind("denied") if kind is errors.CallbackProblem else kind()
        assert errors.oauth_reason(error) in errors.OAUTH_REASONS


def started(owner: User, session: str = "session") -> str:
    """Start a sign-in and return its state."""
    return parse_qs(urlsplit(oauth.start(owner, session)).query)["state"][0]


def test_the_authorize_address_names_app_callback_and_state(settings: Settings) -> None:
    address = urlsplit(oauth.start(user(), "session"))
    query = parse_qs(address.query)
    assert (
        f"{address.scheme}://{address.netloc}{address.path}"
        == f"{settings.SCHWAB_BASE_URL}/v1/oauth/authorize"
    )
    assert query["client_id"] == ["test-app"]
    assert query["redirect_uri"] == [settings.SCHWAB_CALLBACK_URL]
    assert query["response_type"] == ["code"]
    assert "test-secret" not in address.query
    row = OAuthState.objects.get()
    assert query["state"][0] not in (row.state_digest, row.session_digest)
    assert len(query["state"][0]) >= 32


@pytest.mark.parametrize("name", ["SCHWAB_CLIENT_ID", "SCHWAB_CLIENT_SECRET"])
def test_without_an_app_nothing_starts(settings: Settings, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(errors.AppNotConfigured):
        oauth.start(user(), "session")
    assert not OAuthState.objects.exists()


def refused(owner: User, session: str, found: oauth.Return) -> str:
    """Return the reason for which a return is refused."""
    with pytest.raises(errors.CallbackProblem) as caught:
        oauth.redeem_state(owner, session, found)
    return caught.value.code


def test_a_state_works_once() -> None:
    owner = user()
    found = oauth.Return(CODE, started(owner))
    oauth.redeem_state(owner, "session", found)
    assert refused(owner, "session", found) == "state_unknown"


def test_a_state_belongs_to_its_user_and_session() -> None:
    owner = user()
    found = oauth.Return(CODE, started(owner))
    assert refused(user("somebody else"), "session", found) == "state_unknown"
    assert refused(owner, "another session", found) == "state_unknown"
    assert refused(owner, "session", oauth.Return(CODE, "made up")) == "state_unknown"
    oauth.redeem_state(owner, "session", found)  # all that did not use it up


def test_a_newer_start_voids_the_older_one_of_the_session_only() -> None:
    owner = user()
    older, elsewhere = started(owner), started(owner, "another session")
    newer = started(owner)
    assert refused(owner, "session", oauth.Return(CODE, older)) == "state_unknown"
    oauth.redeem_state(owner, "session", oauth.Return(CODE, newer))
    oauth.redeem_state(owner, "another session", oauth.Return(CODE, elsewhere))


@pytest.mark.parametrize(("minutes", "good"), [(9.9, True), (10.1, False)])
def test_a_state_lives_ten_minutes(minutes: float, good: bool) -> None:
    owner = user()
    found = oauth.Return(CODE, started(owner))
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        if good:
            oauth.redeem_state(owner, "session", found)
        else:
            assert refused(owner, "session", found) == "state_expired"
    assert refused(owner, "session", found) == "state_unknown"


def test_what_comes_back_without_a_code_says_why() -> None:
    owner = user()
    assert refused(owner, "session", oauth.Return(CODE)) == "state_missing"
    assert refused(owner, "session", oauth.Return(error="access_denied")) == "state_missing"
    denied = oauth.Return(state=started(owner), error="access_denied")
    assert refused(owner, "session", denied) == "denied"
    assert refused(owner, "session", oauth.Return(state=started(owner))) == "code_missing"
    assert not OAuthState.objects.exists()


ONCE = oauth.Return("C0.a+b.c%d@", "s t")
ADDRESSES = {
    "whole": "https://127.0.0.1:8000/api/schwab/oauth/callback/?code=C0.a%2Bb.c%25d%40&session=x&state=s%20t",
    "query": "code=C0.a%2Bb.c%25d%40&state=s+t",
    "with a question mark": "?code=C0.a%2Bb.c%25d%40&state=s+t",
    "with blanks": "  https://localhost/?state=s+t&code=C0.a%2Bb.c%25d%40#end \n",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_address_is_decoded_exactly_once(address: str) -> None:
    assert oauth.read_address(address) == ONCE


@pytest.mark.parametrize(
    "address", ["", "hello", "https://127.0.0.1/", "https://[::1/?code=a", "?other=1", "&".join(["a=1"] * 30)]
)
def test_an_address_without_an_answer_is_unreadable(address: str) -> None:
    with pytest.raises(errors.CallbackProblem) as caught:
        oauth.read_address(address)
    assert caught.value.code == "address_unreadable"
