"""The journal: every rule an owner changed, every device and colleague they let in or out.

What happens on a card is in the ledger already (`members/ledger/`). What happens to the shop is a
**Change** here: who, when, where, what it was and what it is since. Owners read both together on
the page "Log". A change is never changed and never deleted; database triggers refuse.

An operation that changes something of the shop ends with

    journal.write(actor, "card_rules", about=programme.name, before=…, after=…)

in its own transaction. `words.py` says how owners read it: a line for each `what`, and a line for
each key of `before` and `after`.
"""
