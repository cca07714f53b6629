"""Notices before something on a card runs out: factual, no offer, to whoever asked for them.

lots.py         what runs out of the ledger, in words; rewards answer for themselves
models.py       one row per card, day and notice: each is sent once
operations.py   who is told today, and the mail, written together with its rows
"""
