"""Charles Schwab: everything Thor knows of this broker stands in this folder and nowhere else."""
