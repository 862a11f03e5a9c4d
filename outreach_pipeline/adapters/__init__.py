"""The layer that touches: one outside thing a module, behind the terms of core.

Belongs here: protocols, drivers, encodings. Does not: decisions about mail.
"""
