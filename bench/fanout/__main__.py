"""`python -m bench.fanout`."""

from bench.fanout import main

main()
