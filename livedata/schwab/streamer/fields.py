"""The numbers by which the streamer calls the fields of a quote (reference §5.5), and which of them Thor asks for."""

EQUITIES, OPTIONS, ACTIVITY, ADMIN = "LEVELONE_EQUITIES", "LEVELONE_OPTIONS", "ACCT_ACTIVITY", "ADMIN"

EQUITY_FIELDS = (
    *("symbol", "bid", "ask", "last", "bid_size", "ask_size", "ask_exchange", "bid_exchange", "volume"),
    *("last_size", "high", "low", "close", "exchange", "marginable", "description", "last_exchange", "open"),
    *("net_change", "high_52_weeks", "low_52_weeks", "pe_ratio", "dividend_amount", "dividend_yield", "nav"),
    *(
        "exchange_name",
        "dividend_date",
        "regular_quote",
        "regular_trade",
        "regular_last",
        "regular_last_size",
    ),
    *("regular_net_change", "status", "mark", "quote_time", "trade_time", "regular_trade_time", "bid_time"),
    *("ask_time", "ask_mic", "bid_mic", "last_mic", "net_percent_change", "regular_percent_change"),
    *("mark_change", "mark_percent_change", "borrow_quantity", "borrow_rate", "hard_to_borrow", "shortable"),
    *("post_market_change", "post_market_percent_change"),
)
OPTION_FIELDS = (
    *("symbol", "description", "bid", "ask", "last", "high", "low", "close", "volume", "open_interest"),
    *("volatility", "intrinsic_value", "expiration_year", "multiplier", "digits", "open", "bid_size"),
    *("ask_size", "last_size", "net_change", "strike", "contract_type", "underlying", "expiration_month"),
    *(
        "deliverables",
        "time_value",
        "expiration_day",
        "days_to_expiration",
        "delta",
        "gamma",
        "theta",
        "vega",
    ),
    *("rho", "status", "theoretical_value", "underlying_price", "expiration_type", "mark", "quote_time"),
    *("trade_time", "exchange", "exchange_name", "last_trading_day", "settlement_type"),
    *("net_percent_change", "mark_change", "mark_percent_change", "implied_yield", "penny_pilot", "root"),
    *("high_52_weeks", "low_52_weeks", "indicative_ask", "indicative_bid", "indicative_quote_time"),
    "exercise_type",
)
FIELDS = {EQUITIES: EQUITY_FIELDS, OPTIONS: OPTION_FIELDS}
"""Names by number: the place in the tuple is the number."""

WANTED = (
    *("symbol", "bid", "ask", "last", "bid_size", "ask_size", "volume", "high", "low", "close", "open"),
    *("net_change", "status", "mark", "quote_time", "trade_time", "net_percent_change", "mark_change"),
    "mark_percent_change",
)


def number_of(service: str, name: str) -> str:
    """Return a field's number as the wire writes it."""
    return str(FIELDS[service].index(name))


def field_list(service: str) -> str:
    """Return what to ask for: ascending with 0 first, since unordered lists misbehave (§5.2)."""
    return ",".join(map(str, sorted(FIELDS[service].index(name) for name in WANTED)))


ACTIVITY_FIELDS = "0,1,2,3"
ACTIVITY_KEY = "Account Activity"
