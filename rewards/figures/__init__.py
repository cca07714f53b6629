"""Figures of months and years, from rows that are added up once a day. Only days that are over.

models.py    what is kept: a row for each day of a shop, and for each month of a member
facts.py     what those rows are made of: visits, entries, rewards, as they stand
touched.py   which months something changed since it was last looked
rollup.py    those months made anew; `rebuild` makes all of them, and they are the same
members.py   who joined when and left, and their cohorts, made anew each time
customers.py who bought, came back, stayed away in a period
periods.py   a month, a quarter, twelve months, a year, and the one before it
reading.py   the figures of a period, each with numerator, denominator and value
words.py     what each of them is called and means
lifetimes.py what a member may be worth; cohorts.py: who joined together
goals.py     what an owner wants to reach
"""
