"""How the broker's tables came to be, step by step."""
