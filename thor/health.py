"""Whether the process lives, and whether what it depends on can be used."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from livedata.bus import live_data_redis


@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and Redis can be used, else 503 with what cannot."""
    checks = {"database": _database(), "redis": live_data_redis.ping()}
    good = all(checks.values())
    body = {"status": "ok" if good else "degraded", "checks": checks}
    return JsonResponse(body, status=200 if good else 503)


def _database() -> bool:
    """Tell whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False
