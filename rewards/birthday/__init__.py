"""A treat in the week of a member's birthday, once a year (BDY-01).

days.py         birthdays as days of a year, and the days round them
models.py       what a shop gives, and to whom it was given
operations.py   who gets it today, and what is told of it
owning.py       what an owner does to it; proposals.py is what each trade usually gives
"""
