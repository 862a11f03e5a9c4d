"""Decides how many messages each mailbox may send, to whom, and when."""
