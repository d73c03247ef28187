"""What live data remembers: trading days as a broker announced them, the names of instruments,
and what each person watches."""

from django.conf import settings
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
    """The name of a symbol, kept a day, empty when nobody could tell it; and its dividend."""

    symbol = models.CharField(max_length=64, primary_key=True)
    description = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    ex_dividend_date = models.DateField(null=True, help_text="The next one, else the last that is known")
    dividend_amount = models.DecimalField(
        max_digits=15, decimal_places=8, null=True, help_text="US dollars a share and payment"
    )
    dividend_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol


class Watchlist(models.Model):
    """The symbols that a person watches beside what is held, in the person's own order."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watchlist")
    symbols = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"watchlist of {self.owner_id}"
