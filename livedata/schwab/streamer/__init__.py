"""Schwab's streamer: one WebSocket for each customer, shared out among processes by leases."""
