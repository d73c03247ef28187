"""How the trader groups legs by hand; what is recognised by itself is not stored."""

from django.db import models

from actandpos.models.account import Account


class StrategyChoice(models.Model):
    """One leg that was put into a group by hand. Legs with the same `group` belong together."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="strategy_choices")
    group = models.UUIDField()
    name = models.CharField(max_length=60, blank=True, help_text="The trader's own name for the group")
    symbol = models.CharField(max_length=64)
    asset_type = models.CharField(max_length=8)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["account", "group", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "symbol", "asset_type"], name="one_group_per_leg"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} in {self.name or self.group}"
