"""How amounts, prices and quantities are stored: exact decimals that SQLite keeps as they are."""

from django.db import models


class Money(models.DecimalField):
    """US dollars, 4 decimals; at most 15 significant digits, since SQLite changes longer numbers silently."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(**kwargs)  # type: ignore[arg-type]


class Price(models.DecimalField):
    """US dollars per unit, 8 decimals."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 8)
        super().__init__(**kwargs)  # type: ignore[arg-type]


class Quantity(models.DecimalField):
    """Units: shares, contracts, face value; 6 decimals."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(**kwargs)  # type: ignore[arg-type]
