"""The stand-in's OAuth: browser pages, the token endpoint and what both remember."""
