"""Which legs make a strategy: recognised from what is held, or chosen by the trader."""
