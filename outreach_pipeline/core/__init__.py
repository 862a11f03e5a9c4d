"""The layer that decides: pure functions and frozen dataclasses; time and randomness are arguments.

Belongs here: what a deliverability engineer would argue about. Does not: files, sockets, clocks, databases.
"""
