"""Lots: what is still open, and what each closing brought. Both follow from the transactions and can be made anew."""

from django.db import models

from actandpos.models.account import Account
from actandpos.models.fields import Money, Price, Quantity
from actandpos.models.transaction import Transaction


class KnownHolding(models.Model):
    """What an account held of a symbol at `Account.holdings_known_at`; a symbol without a row was not held.

    Less what the transactions until then moved, this is what was held before the first of them.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="known_holdings")
    symbol = models.CharField(max_length=64)
    quantity = Quantity(help_text="Signed: short negative")

    class Meta:
        ordering = ["account", "symbol"]
        constraints = [models.UniqueConstraint(fields=["account", "symbol"], name="one_known_holding")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.symbol}"


class OpenLot(models.Model):
    """Units bought (or sold short) together and not closed yet."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="open_lots")
    symbol = models.CharField(max_length=64)
    underlying = models.CharField(max_length=64, blank=True)
    asset_type = models.CharField(max_length=8)
    opened_by = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="+", null=True)
    opened_at = models.DateTimeField(null=True)
    quantity = Quantity(help_text="Signed: short negative; what is left of the lot")
    price = Price(null=True, help_text="Per unit before fees")
    cost = Money(
        null=True,
        help_text="What is left cost, fees included: long positive, short negative; null when unknown",
    )
    fees = Money(null=True, help_text="The part of the cost that is fees")

    class Meta:
        ordering = ["account", "symbol", "opened_at", "id"]
        indexes = [models.Index(fields=["account", "symbol"], name="lots_by_symbol")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.symbol}"


class RealizedLot(models.Model):
    """Units of one lot closed by one transaction."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="realized_lots")
    symbol = models.CharField(max_length=64)
    underlying = models.CharField(max_length=64, blank=True)
    asset_type = models.CharField(max_length=8)
    opened_by = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="+", null=True)
    closed_by = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField()
    day = models.DateField(help_text="Of the closing, in US Eastern")
    quantity = Quantity(help_text="Signed like the holding: closing a short is negative")
    proceeds = Money(null=True, help_text="Signed cash of the closing share, before fees")
    cost = Money(null=True, help_text="Signed cash of the opening share, before fees; null when unknown")
    fees = Money(null=True, help_text="Of both sides, paid positive")
    pl = Money(null=True, help_text="proceeds + cost − fees; null when it cannot be matched")
    unmatched = models.CharField(max_length=200, blank=True, help_text="Why there is no P/L")

    class Meta:
        ordering = ["-closed_at", "-id"]
        indexes = [
            models.Index(fields=["account", "day"], name="realized_by_day"),
            models.Index(fields=["account", "symbol"], name="realized_by_symbol"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.symbol} closed {self.day}"
