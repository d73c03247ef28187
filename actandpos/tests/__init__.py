"""Tests of the book: figures, rows, rendering, admin."""
