"""Tests of the broker's room, against a Schwab inside the process, the stand-in, and odd servers."""
