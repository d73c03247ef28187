"""How the tests of the transport ask: with a token and a query that must not show up anywhere."""

from livedata.schwab import transport

SHORT = 0.25
CANARY = "canary-in-the-query"
BODY = b'{"a": 1}'


def ask(url: str, deadline: float | None = SHORT) -> transport.Answer:
    """Send one GET."""
    return transport.request(
        "GET",
        url + "/path",
        headers={"Authorization": f"Bearer {CANARY}"},
        params={"q": CANARY},
        deadline=deadline,
    )


def forget_lines() -> None:
    """Close what this thread keeps open for its next request."""
    session = transport._local.__dict__.pop("session", None)
    if session is not None:
        session.close()
