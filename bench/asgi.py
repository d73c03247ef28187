"""Thor's web process with the benchmark's own addresses beside Thor's."""

import django
from django.conf import settings

django.setup()
settings.ROOT_URLCONF = "bench.urls"

from django.core.asgi import get_asgi_application  # noqa: E402 (the addresses come first)

application = get_asgi_application()
