"""Early access: something opens to some before it opens to all (VIP-01..07). In the code, a drop.

models.py       what opens, to whom and when; who has reserved it
audience.py     who is meant: a level, hand-picked, the best customers, a segment, everybody
operations.py   reserve, let go, lapse, reply, move up from the waiting list
owning.py       what an owner does to a drop, and who is hand-picked
"""
