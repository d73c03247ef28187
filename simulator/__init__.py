"""A stand-in Schwab: speaks Schwab's wire over real HTTP on loopback, with an invented world behind it."""
