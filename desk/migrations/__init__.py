"""How the person's tables came to be, step by step."""
