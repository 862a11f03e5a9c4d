"""Imported by the server that senders are forked from: everything that they need, once."""

from tests.chaos.sender import import_all

import_all()
