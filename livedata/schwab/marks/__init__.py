"""Marks: the last figures of Schwab's, moved on by what the market did since."""
