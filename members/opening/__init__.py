"""Opening balances: what members had before, brought in from a file of the shop's.

    reading.py     the bytes of a CSV file to lines, or what is wrong with it
    matching.py    whose each line is: a card that is here, or a new one
    operations.py  keep a file to look at it; bring it in, some lines at a time
    booking.py     one line: a card if there is none, and an entry of the kind "opening"
    claiming.py    who proves the e-mail of a line gets its card

A file is looked at first, and nothing is booked by that. What it says of people is thrown away
with each line that is booked, or after a day. The key of a line follows from what it says, so the
same line is credited once, however often it comes, and whoever brings it.
"""
