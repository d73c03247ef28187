"""Remembers who is where on the way through the browser pages."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

_FLOWS_KEPT = 1000


@dataclass
class Flow:
    """One person on the way through the pages; `step` counts the pages passed."""

    client_id: str
    redirect_uri: str
    state: str | None
    login: str = ""
    step: int = 0


class Flows:
    """The ways under way, oldest dropped first."""

    def __init__(self) -> None:
        self._flows: OrderedDict[str, Flow] = OrderedDict()

    def begin(self, flow: Flow) -> str:
        """Remember a new way; returns its id for the forms."""
        identifier = secrets.token_urlsafe(24)
        self._flows[identifier] = flow
        if len(self._flows) > _FLOWS_KEPT:
            self._flows.popitem(last=False)
        return identifier

    def get(self, identifier: str) -> Flow | None:
        """The way with an id."""
        return self._flows.get(identifier)

    def end(self, identifier: str) -> None:
        """Forget a way that has ended."""
        self._flows.pop(identifier, None)
