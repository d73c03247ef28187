"""Asking for the statement."""

from typing import Any

from django.test import Client

PATH, YEAR = "/api/actandpos/statement", "/api/actandpos/pl_ytd"


def get(browser: Client, **query: Any) -> dict[str, Any]:
    """Return the statement."""
    answer = browser.get(PATH, query)
    assert answer.status_code == 200, answer.content
    return answer.json()
