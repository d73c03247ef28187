"""Accounts with their latest balances, and rows of the latest answer that could not be read."""

from django.conf import settings
from django.db import models

from actandpos.models.fields import Money


class Account(models.Model):
    """A brokerage account of one user, with its latest balances.

    The broker's own number and its hash stay in the broker's room; here the account is recognised by
    `identity`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="accounts")
    broker = models.CharField(max_length=20)
    identity = models.CharField(
        max_length=64, help_text="HMAC of the broker's account number under the desk's salt"
    )
    display_name = models.CharField(max_length=80, help_text="Masked: never more than the last 3 or 4 digits")
    account_type = models.CharField(max_length=20, blank=True)

    net_liq = Money(null=True)
    cash = Money(null=True)
    margin_balance = Money(null=True)
    short_balance = Money(null=True)
    equity = Money(null=True)
    stock_buying_power = Money(null=True)
    option_buying_power = Money(null=True)
    day_trading_buying_power = Money(null=True)
    maintenance_requirement = Money(null=True)
    long_market_value = Money(null=True)
    short_market_value = Money(null=True)
    pl_open = Money(null=True)
    pl_day = Money(null=True)
    pl_day_percent = Money(null=True)
    missing = models.JSONField(default=dict, blank=True)
    restrictions = models.JSONField(default=list, blank=True)

    version = models.PositiveBigIntegerField(default=0)
    as_of = models.DateTimeField(null=True, help_text="When the shown values last changed")
    observed_at = models.DateTimeField(null=True, help_text="When the applied answer was asked for")
    checked_at = models.DateTimeField(null=True, help_text="The last good answer, also when nothing changed")
    fresh_until = models.DateTimeField(null=True)
    link_state = models.CharField(max_length=20, default="connected")
    suspect_digest = models.CharField(max_length=64, blank=True)

    orders_version = models.PositiveBigIntegerField(default=0)
    orders_observed_at = models.DateTimeField(null=True)
    orders_checked_at = models.DateTimeField(null=True, help_text="Empty until an order list was read")
    orders_changed_at = models.DateTimeField(null=True, help_text="Tells versions of a restored book apart")
    orders_from = models.DateTimeField(null=True, help_text="Every order entered since is in the book")
    link_ends_at = models.DateTimeField(null=True, help_text="When the sign-in at the broker ends by itself")
    transactions_version = models.PositiveBigIntegerField(default=0)
    transactions_checked_at = models.DateTimeField(null=True, help_text="Empty until transactions were read")
    transactions_changed_at = models.DateTimeField(
        null=True, help_text="Tells versions of a restored book apart"
    )
    transactions_known_from = models.DateField(
        null=True, help_text="The first Eastern day of which every transaction was read"
    )
    lot_method = models.CharField(
        max_length=24, blank=True, help_text="The broker's word for how lots are closed"
    )
    lots_matched_at = models.DateTimeField(
        null=True, help_text="Empty until the history was read back and matched"
    )
    holdings_known_at = models.DateTimeField(
        null=True, help_text="When the known holdings, from which matching starts, were held"
    )
    traded_on = models.DateField(null=True, help_text="The last Eastern day with a fill or a closed position")
    pl_day_since = models.DateField(null=True, help_text="The session whose close the day's P/L starts from")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "broker", "identity"], name="one_account_per_owner")
        ]

    def __str__(self) -> str:
        return self.display_name


class RejectedRow(models.Model):
    """A row of the latest answer that could not be read, kept so that nobody has to guess."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="rejected_rows")
    symbol = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.symbol or 'row'}: {self.reason}"
