"""The live socket: one subscription to the bus per process, handed on to every browser that may see it."""
