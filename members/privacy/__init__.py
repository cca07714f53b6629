"""Somebody's own data: what is kept, taken along, and forgotten.

    told.py        everything kept about one member, for their eyes and to take along
    notice.py      the privacy page of a shop, made of what the shop really uses
    operations.py  a card is deleted, brought back within 14 days, and then erased
    forgetting.py  what erasing takes off a card; each room takes off its own (`forget`)
    people.py      what goes with the sign-in, once it is nobody's any more
    erasures.py    the journal beside the backups, replayed when an older database came back
    columns.py     every column there is: who is told of it, or why not; a test finds new ones

The books stay. Entries, visits and rewards are never changed and go on under a card whose codes
are random and whose owner nobody knows; what was on it leaves the balance, as nobody can use it
any more.
"""
