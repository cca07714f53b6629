"""Bringing a friend (REF-01..09): a link or a code from hand to hand, never an address typed here.

models.py       what a shop gives for it, and who came through whom
operations.py   the tie at joining, what the friend's first purchase pays, and taking it back
owning.py       what an owner decides
"""
