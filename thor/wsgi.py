"""HTTP alone, for production: many of these beside a few ASGI processes that hold the sockets."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")

application = get_wsgi_application()
