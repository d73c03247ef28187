"""What is kept of the broker: the connection with its sealed tokens, the accounts behind it, every sync."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from actandpos.models import Account, Money
from livedata.schwab.vault import Sealed


class BrokerConnection(models.Model):
    """One user's link to Schwab. `status` is what was stored; `state()` adds what the clock says."""

    class Status(models.TextChoices):
        """Stored states."""

        NONE = "none", "Not connected"
        CONNECTED = "connected", "Connected"
        REAUTH_REQUIRED = "reauth_required", "Sign-in needed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schwab_connection"
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NONE)
    customer_identity = models.CharField(max_length=64, blank=True)

    access_token_sealed = models.TextField(blank=True)
    refresh_token_sealed = models.TextField(blank=True)
    access_token = Sealed()
    refresh_token = Sealed()
    access_expires_at = models.DateTimeField(null=True)
    refresh_issued_at = models.DateTimeField(
        null=True, help_text="The browser login; refreshing does not move it"
    )
    token_generation = models.PositiveBigIntegerField(default=0)
    refresh_lease_owner = models.CharField(max_length=32, blank=True)
    refresh_lease_until = models.DateTimeField(null=True)
    refresh_failed_at = models.DateTimeField(null=True)
    refresh_failure = models.CharField(max_length=300, blank=True)

    sync_generation = models.PositiveBigIntegerField(default=0)
    sync_lease_owner = models.CharField(max_length=32, blank=True)
    sync_lease_until = models.DateTimeField(null=True)
    stream_lease_owner = models.CharField(max_length=32, blank=True)
    stream_lease_until = models.DateTimeField(null=True)
    next_sync_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="Failed syncs in a row")
    list_suspect = models.BooleanField(
        default=False, help_text="The last account list was empty; the next decides"
    )

    connected_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="When its user last had the page open")
    last_success_at = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=40, blank=True)
    last_error_message = models.CharField(max_length=400, blank=True)
    last_error_action = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)

    LOGIN_LIFE = timedelta(days=7)
    LOOKED_AT_FOR = timedelta(seconds=90)

    class Meta:
        verbose_name = "Schwab connection"
        indexes = [models.Index(fields=["status", "next_sync_at"], name="connection_due")]

    def __str__(self) -> str:
        return f"Schwab connection {self.pk}"

    @property
    def login_ends_at(self) -> datetime | None:
        """The end of Schwab's 7-day login: a hard stop, counted from the browser login."""
        return self.refresh_issued_at + self.LOGIN_LIFE if self.refresh_issued_at else None

    def is_watched(self, now: datetime) -> bool:
        """Tell whether somebody is looking: such accounts come first when calls are scarce."""
        return self.looked_at is not None and now - self.looked_at <= self.LOOKED_AT_FOR

    def state(self, now: datetime) -> str:
        """Return `none`, `connected`, `expiring` or `reauth_required` as of `now`."""
        if self.status != self.Status.CONNECTED or self.login_ends_at is None:
            return self.status
        if self.login_ends_at <= now:
            return self.Status.REAUTH_REQUIRED.value
        soon = timedelta(hours=settings.THOR_EXPIRING_HOURS)
        return "expiring" if self.login_ends_at - now <= soon else self.Status.CONNECTED.value


class LinkedAccount(models.Model):
    """Where an account of the book lives at Schwab; number and hash are sealed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(BrokerConnection, on_delete=models.CASCADE, related_name="links")
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="schwab_link")
    number_sealed = models.TextField()
    hash_value_sealed = models.TextField(blank=True)
    number = Sealed()
    hash_value = Sealed()
    linked = models.BooleanField(default=True, help_text="Was in the last list of accounts")
    marked_net_liq = Money(null=True, help_text="Shown by the marks right before Schwab's last answer")
    marks_off_by = Money(null=True, help_text="That, minus Schwab's net liquidating value")
    marks_compared_at = models.DateTimeField(null=True)
    orders_reread_at = models.DateTimeField(
        null=True, help_text="When the open orders that no list reaches were last asked for"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.account)


SOURCES = ("accounts", "orders", "transactions")
"""What Schwab is asked for in turn; each run is of one of them."""


class SyncRun(models.Model):
    """One sync: why, when, how it ended, what it cost."""

    class Outcome(models.TextChoices):
        """How a sync can end."""

        RUNNING = "running", "Running"
        OK = "ok", "OK"
        UNCHANGED = "unchanged", "Unchanged"
        PARTIAL = "partial", "Partial"
        SUSPECT = "suspect", "Suspect"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded"

    connection = models.ForeignKey(BrokerConnection, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=16, choices=[(each, each.title()) for each in SOURCES])
    trigger = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.RUNNING)
    reason = models.TextField(blank=True)
    http_calls = models.PositiveIntegerField(default=0)
    rows_written = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["connection", "kind", "-started_at"], name="run_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome} {self.started_at:%Y-%m-%d %H:%M:%S}"


class HistoryProgress(models.Model):
    """How far back one account's orders or transactions were read, so that reading goes on where it stopped."""

    class State(models.TextChoices):
        """How a reading back stands."""

        IDLE = "idle", "Idle"
        RUNNING = "running", "Running"
        FAILED = "failed", "Failed"
        DONE = "done", "Done"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="schwab_history")
    kind = models.CharField(max_length=16, choices=[("orders", "Orders"), ("transactions", "Transactions")])
    state = models.CharField(max_length=16, choices=State.choices, default=State.IDLE)
    wanted_from = models.DateTimeField(null=True, help_text="How far back was asked for")
    reached_back_to = models.DateTimeField(null=True, help_text="Everything since is in the book")
    read_until = models.DateTimeField(null=True, help_text="The end of the newest window that was read whole")
    pages_done = models.PositiveIntegerField(default=0)
    pages_total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="When the next page is due; empty: at once")
    failures = models.PositiveIntegerField(default=0, help_text="Failed pages in a row")
    generation = models.PositiveBigIntegerField(default=0, help_text="Counts who took the lease")
    lease_until = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name_plural = "history progress"
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="one_progress_per_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of account {self.account_id}: {self.state}"


class OAuthState(models.Model):
    """A sign-in under way: the digest of its one-time `state`, bound to one session and user."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sign-in started {self.created_at:%Y-%m-%d %H:%M:%S}"


class IdentitySalt(models.Model):
    """The random salt under which account numbers are recognised; made once, kept in the database."""

    salt = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return "identity salt"


class ProductHealth(models.Model):
    """How one of Schwab's API products does: failures in a row, and when it may be probed."""

    product = models.CharField(max_length=20, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    probe_at = models.DateTimeField(null=True)
    last_failed_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "product health"

    def __str__(self) -> str:
        return f"{self.product}: {self.failures} failures in a row"
