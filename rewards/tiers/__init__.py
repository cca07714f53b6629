"""Levels: what a regular has come to be, by what they did and never by what they have left.

models.py       the ladder of a shop, what each level gives, and who moved when
measure.py      spend, visits, attendance or points of a member, in a window of time
operations.py   moving up at once, staying for a while, moving down
owning.py       what an owner does to the ladder
"""
