"""The book: accounts, balances, positions and orders as any broker may report them."""
