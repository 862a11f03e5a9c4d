"""Plans, sends, reads and learns from the mail of many outreach mailboxes, for several tenants on one machine."""

__version__ = "0.1.0"
