"""Everything on one port: the embedded default. The live socket joins here beside Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")

application = get_asgi_application()
