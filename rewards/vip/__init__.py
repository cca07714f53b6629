"""Early access: something opens to some before it opens to all (VIP-01..07). In the code, a drop.

models.py       what opens, to whom and when; who has reserved it; who is picked by hand
audience.py     who is meant: a level, hand-picked, the best customers, a group, everybody
looks.py        one drop as one member sees it at one moment
operations.py   reserve, let go, say yes or no, leave the waiting list
places.py       how many are left and who has them, under the lock of the drop
waiting.py      the waiting list moves up
lapsing.py      what was not collected in time is there for others
plans.py        a drop as its owner wants it, and whether the shop can promise that
owning.py       plan, change, schedule, close early; pick people
telling.py      it has opened to you; yours is about to lapse
words.py        the one sentence that matters now, to one member
shelf.py        all of it on a card and its own page; views.py, forms.py: one of it, and asking
calendars.py    an evening, or an opening, for the member's own calendar
at_counter.py   what staff must know of it
moments.py      an hour in the shop, also on the nights when the clocks are changed
merging.py, undoing.py, history.py, rules.py   what the house asks of every room
"""
