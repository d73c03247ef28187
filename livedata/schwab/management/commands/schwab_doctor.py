"""Say in words what is wrong with this set-up: settings, callback, clock, network, processes, tokens."""

from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandParser

from livedata.schwab.doctor import examine

MARKS = {"ok": "ok     ", "warning": "look   ", "error": "WRONG  "}


class Command(BaseCommand):
    """`manage.py schwab_doctor [--json]`; exits 1 when something is wrong."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # a doctor that refuses sick patients is of no use

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", help="one JSON object for programs")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        """Examine and report."""
        findings = examine()
        healthy = all(finding.level != "error" for finding in findings)
        if json:
            self.stdout.write(msgspec.json.encode({"healthy": healthy, "findings": findings}).decode())
        else:
            for finding in findings:
                self.stdout.write(f"{MARKS[finding.level]}{finding.check}: {finding.message}")
                if finding.action and finding.level != "ok":
                    self.stdout.write(f"         → {finding.action}")
        if not healthy:
            raise SystemExit(1)
