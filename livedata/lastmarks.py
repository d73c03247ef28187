"""The marks known now, as they lie in Redis: a hash for each account, one field a row, put together when read."""

from collections.abc import Mapping

KEY = "live_marks:{}"
HEAD = "head"
"""The field with `version`, `seq`, `as_of` and the moved balances; every other field is the id of a row."""
KEPT_SECONDS = 60


def message_of(account_id: int, kept: Mapping[bytes, bytes]) -> bytes | None:
    """Return the marks message that says all that is kept of an account; None when nothing is."""
    head = kept.get(HEAD.encode())
    if head is None:
        return None
    rows = b",".join(row for name, row in kept.items() if name != HEAD.encode())
    return b'{"type":"marks","account_id":%d,%b,"rows":[%b]}' % (account_id, head[1:-1], rows)
