"""Makes the wire misbehave on demand: every trouble that a client of Schwab has to live with, by endpoint and count."""
