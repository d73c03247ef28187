"""What live data remembers: trading days as a broker announced them, and the names of instruments."""

from django.db import models


class MarketDay(models.Model):
    """One date of the US equity market as announced by a broker; outranks the built-in calendar."""

    date = models.DateField(primary_key=True)
    is_open = models.BooleanField()
    hours = models.JSONField(default=dict, help_text="session -> [start, end], ISO with offset")
    source = models.CharField(max_length=20)
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'open' if self.is_open else 'closed'}"


class Instrument(models.Model):
    """The name of a symbol, kept a day; empty when nobody could tell it."""

    symbol = models.CharField(max_length=64, primary_key=True)
    description = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol
