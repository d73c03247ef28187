"""Tests of the stand-in over real sockets."""
