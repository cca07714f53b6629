"""Levels: what a regular has come to be, by what they did and never by what they have left.

models.py       the ladder of a shop, what each level gives, and who moved when
periods.py      which days a measure looks at, and until when a level is held
measure.py      spend, visits, attendance or points of a member, in those days
climbing.py     one member under the lock of an operation: judged, and moved
operations.py   moving up at once; whom time or new rules move
taking_back.py  what a refund does, and two cards that become one
ahead.py        a word a month before a level may be lost
standing.py     who is where, and what it earns them: for every other room
perks.py        what a level gives besides
owning.py       what an owner does to the ladder
proving.py      that everybody stands where the log says
"""
