"""The net liquidating value over time: minutes for a while, a daily close for ever."""

from django.db import models

from actandpos.models.account import Account
from actandpos.models.fields import Money


class NetLiqPoint(models.Model):
    """An account's net liquidating value in one minute of an open session."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="net_liq_points")
    at = models.DateTimeField(help_text="The minute")
    net_liq = Money()

    class Meta:
        ordering = ["account", "at"]
        constraints = [models.UniqueConstraint(fields=["account", "at"], name="one_point_per_minute")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class NetLiqClose(models.Model):
    """An account's last net liquidating value of a trading day."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="net_liq_closes")
    day = models.DateField(help_text="The trading day in US Eastern")
    net_liq = Money()
    observed_at = models.DateTimeField()

    class Meta:
        ordering = ["account", "day"]
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_close_per_day")]

    def __str__(self) -> str:
        return f"{self.day}"
