"""How the wire writes things: errors, times and JSON bodies."""
