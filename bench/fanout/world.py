"""Makes what Thor must know before the benchmark: a signed-in user with an account for each side; prints it as JSON."""

import json

import django

django.setup()

from django.conf import settings  # noqa: E402 (Django must be set up first)
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from actandpos import services  # noqa: E402

call_command("migrate", verbosity=0)
user = User.objects.create_user("bench")
accounts = [
    services.ensure_account(
        owner=user, broker="schwab", identity=f"bench {n}", display_name="Bench …0000", account_type="MARGIN"
    )
    for n in range(12)
]
client = Client()
client.force_login(user)
cookie = client.cookies[settings.SESSION_COOKIE_NAME]
print(
    json.dumps({"cookie": f"{cookie.key}={cookie.value}", "accounts": [account.pk for account in accounts]})
)
