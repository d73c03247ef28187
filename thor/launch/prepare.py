"""Brings the database and the static files up to date before the processes start, in one start of Django."""

import os
import sys
from io import StringIO

import django
from django.core.management import call_command


def database() -> None:
    """Apply the migrations that are not applied yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("thor: bringing the database up to date", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def static_files() -> None:
    """Collect the static files where the settings want them."""
    from django.conf import settings

    if settings.STATIC_ROOT:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def has_user() -> bool:
    """Tell whether somebody can sign in."""
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.filter(is_active=True).exists()


def main() -> None:
    """Prepare; with `--demo` also make the demo user. Without any user, say how to make one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")
    django.setup()
    database()
    static_files()
    if "--demo" in sys.argv[1:]:
        call_command("ensure_demo_user", stdout=StringIO())
    elif not has_user():
        print("thor: nobody can sign in yet; `make user` makes the first user", flush=True)


if __name__ == "__main__":
    main()
