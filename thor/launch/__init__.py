"""How Thor starts, tests and checks itself; nothing here is imported by the desk."""
