"""Tests of the bus, the live socket's parts, quotes and the market's calendar."""
