"""Names the wire's endpoints, so that a fault can be laid on one of them whatever hash stands in its path."""

import re

_ACCOUNTS = r"/trader/v1/accounts"
_PATTERNS = {
    "token": r"/v1/oauth/token",
    "accountNumbers": rf"{_ACCOUNTS}/accountNumbers",
    "accounts": _ACCOUNTS,
    "account": rf"{_ACCOUNTS}/(?!accountNumbers$)[^/]+",
    "orders": rf"/trader/v1/orders|{_ACCOUNTS}/[^/]+/orders(/[^/]+)?",
    "transactions": rf"{_ACCOUNTS}/[^/]+/transactions(/[^/]+)?",
    "userPreference": r"/trader/v1/userPreference",
    "quotes": r"/marketdata/v1/([^/]+/)?quotes",
    "markets": r"/marketdata/v1/markets(/[^/]+)?",
    "pricehistory": r"/marketdata/v1/pricehistory",
}
ENDPOINTS = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}


def checked(endpoint: str) -> str:
    """The name of an endpoint or a path prefix as given; ValueError for anything else."""
    if endpoint in ENDPOINTS or endpoint.startswith("/"):
        return endpoint
    raise ValueError(f"endpoint must be a path prefix or one of {', '.join(ENDPOINTS)}")


def fits(endpoint: str, path: str) -> bool:
    """Whether a path belongs to a named endpoint, or begins with a prefix."""
    if endpoint.startswith("/"):
        return path.startswith(endpoint)
    return ENDPOINTS[endpoint].fullmatch(path) is not None
