"""What the book keeps, one module a subject; only `services` writes these and only `selectors` reads them."""

from actandpos.models.account import Account, RejectedRow
from actandpos.models.fields import Money, Price, Quantity
from actandpos.models.history import NetLiqClose, NetLiqPoint
from actandpos.models.order import Order, OrderEvent, OrderFill, OrderLeg
from actandpos.models.position import ClosedPosition, Position
from actandpos.models.realized import KnownHolding, OpenLot, RealizedLot
from actandpos.models.strategy import StrategyChoice
from actandpos.models.transaction import RejectedTransaction, Transaction, TransferItem

__all__ = [
    "Account",
    "ClosedPosition",
    "KnownHolding",
    "Money",
    "NetLiqClose",
    "NetLiqPoint",
    "OpenLot",
    "Order",
    "OrderEvent",
    "OrderFill",
    "OrderLeg",
    "Position",
    "Price",
    "Quantity",
    "RealizedLot",
    "RejectedRow",
    "RejectedTransaction",
    "StrategyChoice",
    "Transaction",
    "TransferItem",
]
