"""Tests of the wiring: routes, settings, headers, the live socket on a real server."""
