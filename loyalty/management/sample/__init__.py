"""A database full of made-up shops: skewed like life, and exactly what operations would have left.

history.py   who comes when, and what happens then; no database
shops.py     the shops, their cards, counters and staff, opened by the operations themselves
booking.py   the rows that the same history would have left, reckoned in plain Python
loading.py   rows into tables, past the models: the fastest way each engine has
filling.py   all of it, shop by shop

A million entries through the operations would take most of an hour, so the history is booked a
second time in `booking.py`. tests/management/test_sample.py plays one history both ways and
compares every row, column by column.
"""
