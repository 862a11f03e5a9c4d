"""SMTP: one connection, its stages, and what the server said at each."""
