"""Decides what an incoming mail is, which message it answers, and what follows."""
