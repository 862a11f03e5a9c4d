"""Decides what a message looks like, whether it may go out, and what a server's answer means."""
