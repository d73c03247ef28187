"""The invented world: instruments, prices, accounts, orders; pure functions of seed and simulated time."""
