"""Tests of how Thor starts and tests itself."""
