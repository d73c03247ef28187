"""Tests of the person's room: signing in, problems in one shape, the audit trail."""
