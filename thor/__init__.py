"""Wiring only: settings, routes, processes. No rule of the trade lives here."""

from thor.celery import app as celery_app

__all__ = ["celery_app"]
