"""The table of ratios T1–T12: what we do, against what this machine can do.

targets.py    the rows of the table: what is divided by what, and what it should be
whole.py      one run: servers up, rounds of load in shuffled order, the books, the table
load.py       wrk and pgbench, and what they say
machine.py    processor time of ours, and of everybody else meanwhile
prepared.py   (a process of its own) a database with a sample, and the requests for wrk
inside.py     (a process of its own) statements and milliseconds of the database, by page
plain.py      the same stamp and the same page as one would write them first

Only ratios within one run travel from one machine to another; each is told as the median of its
rounds with the least and the most.
"""
