"""The control endpoint, no part of Schwab's wire."""

from starlette.routing import Route

ROUTES: list[Route] = []
