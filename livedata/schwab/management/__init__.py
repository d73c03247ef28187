"""Commands of the broker's room for Django's command line."""
