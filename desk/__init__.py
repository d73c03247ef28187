"""What belongs to the person at the desk: signing in, preferences, the audit trail."""
