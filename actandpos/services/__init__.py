"""The only writers of the book: whoever changes an account, a position or an order does it through these."""

from actandpos.services.accounts import ensure_account, mark_unlinked, set_link_end, set_link_state
from actandpos.services.descriptions import set_descriptions
from actandpos.services.orders import apply_more_orders, apply_orders, lose_order
from actandpos.services.settling import settle_after_orders
from actandpos.services.snapshot import apply_snapshot

__all__ = [
    "apply_more_orders",
    "apply_orders",
    "apply_snapshot",
    "ensure_account",
    "lose_order",
    "mark_unlinked",
    "set_descriptions",
    "set_link_end",
    "set_link_state",
    "settle_after_orders",
]
