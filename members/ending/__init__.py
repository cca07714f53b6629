"""How a programme ends decently: announced in good time, honoured to its day, and then over.

dates.py        the two days, which pairs of them an owner may announce, and a proposal
operations.py   announcing, calling off, and what the worker does when the last day is over
telling.py      who is told of it, and that it goes on after all
words.py        the sentences that members and owners read, before and after
room.py         what the house is answered

An end takes nothing away before its day, and no sooner than 30 days after it was announced. Lots
and rewards keep the dates they have; whatever would last longer ends with the programme, by
entries like any other that runs out. So calling an end off only takes the two days away.
"""
