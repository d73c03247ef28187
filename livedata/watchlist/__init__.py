"""The symbols a person watches: added, removed and ordered by the person, followed by the streamer."""
