"""The layer that does: one use case a module, each reads, lets core decide, and writes.

Belongs here: the order of steps and the edges of transactions. Does not: SQL, protocol details, schedules.
"""
