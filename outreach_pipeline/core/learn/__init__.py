"""Decides scores of mailboxes and sites from matured sends."""
