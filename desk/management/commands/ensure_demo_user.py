"""Make the sign-in that the launcher announces when it starts the stand-in for Schwab."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Create a staff user when there is none of that name; never change one that exists."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Name and password, both with defaults."""
        parser.add_argument("--username", default="demo")
        parser.add_argument("--password", default="demo-desk")

    def handle(self, *args: Any, username: str, password: str, **options: Any) -> None:
        """Create the user unless it is there."""
        users = get_user_model().objects
        if not users.filter(username=username).exists():
            users.create_superuser(username=username, email="", password=password)
