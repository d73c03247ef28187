"""Benchmarks: each line is a ratio against its floor, both sides measured in one run, after comparing what they did."""
