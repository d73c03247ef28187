"""Commands of the person's room for Django's command line."""
