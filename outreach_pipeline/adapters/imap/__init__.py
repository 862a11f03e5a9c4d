"""IMAP: folders, cursors and raw mail, read without changing a flag."""
