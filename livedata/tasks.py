"""Background work that belongs to no broker."""

from celery import shared_task

from livedata import alive


@shared_task(name="livedata.show_life")
def show_life() -> bool:
    """Show that a worker takes and finishes tasks."""
    return alive.mark("worker")
