"""The streamer's side of the wire: one WebSocket per customer with quotes as they change and account activity."""
