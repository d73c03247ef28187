"""One Redis address in the environment, spelled the two ways our libraries want it."""

from urllib.parse import parse_qs, urlsplit


def broker_url(redis_url: str) -> str:
    """Return the Celery broker address for a redis-py address.

    redis-py writes a unix socket as `unix:///path?db=0`; kombu wants `redis+socket:///path?virtual_host=0`.
    TCP and TLS addresses are the same for both.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
