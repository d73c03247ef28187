"""Quotes of every kind of instrument; the mark is the one that positions are valued at."""

from simulator.world.fund_quotes import FundView, IndexView
from simulator.world.instruments import Json
from simulator.world.listings import Kind
from simulator.world.market import Board, known_contract, known_listing
from simulator.world.option_quotes import OptionView
from simulator.world.stock_quotes import StockView
from simulator.world.views import View

_VIEWS: dict[Kind, type[StockView | IndexView | FundView]] = {
    "EQUITY": StockView,
    "ETF": StockView,
    "INDEX": IndexView,
    "FUND": FundView,
    "MONEY": FundView,
}


def view_of(symbol: str, board: Board) -> View | None:
    """The view of a symbol at the board's instant; None when it is unknown, expired or cannot be quoted."""
    contract = known_contract(symbol)
    if contract is not None:
        return OptionView(contract, board) if contract.expiry >= board.day else None
    listing = known_listing(symbol)
    kind = _VIEWS.get(listing.kind) if listing is not None else None
    return kind(symbol, board) if kind is not None else None


def quote_json(symbol: str, board: Board, sections: frozenset[str]) -> Json | None:
    """The entry of one symbol with the wanted sections; None when there is none."""
    view = view_of(symbol, board)
    return None if view is None else view.json(sections)
