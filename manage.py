#!/usr/bin/env python
"""Django's command line, wired to Thor's settings."""

import json
import os
import sys

from thor.env import UnreadableSetting


def main() -> None:
    """Run a management command; a setting that cannot be read ends it in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    try:
        _ = settings.INSTALLED_APPS
    except UnreadableSetting as error:
        sys.exit(refuse(error, as_json="schwab_doctor" in sys.argv and "--json" in sys.argv))
    execute_from_command_line(sys.argv)


def refuse(error: UnreadableSetting, *, as_json: bool) -> int:
    """Say what the doctor would, if it could be started; returns 1."""
    if as_json:
        finding = {"check": error.name, "level": "error", "message": error.message, "action": error.action}
        print(json.dumps({"healthy": False, "findings": [finding]}))
    else:
        print(f"WRONG  {error.name}: {error.message}\n         → {error.action}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
