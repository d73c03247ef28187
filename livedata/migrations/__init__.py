"""How the tables of market data and the watchlist came to be, step by step."""
