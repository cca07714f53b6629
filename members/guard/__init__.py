"""What stands out at the tills: evidence for the owner, computed from the ledger, stored nowhere.

    facts.py     visits that stand; what was undone counts nowhere
    days.py      what one day can show: a busy card, a busy till, one's own card, odd hours
    pairs.py     one person who gives most of one card's stamps
    heights.py   a card that comes far more often than nearly all others
    flags.py     asks them all, and brings the visits that show it
    telling.py   each flag in one neutral sentence, with no verdict in it

A detector is a function of (shop, since, until, settings): it reads no clock and runs in the scope
of the shop. Its thresholds are the shop's own (models.py). Source: promises, 3.7, F4 and F5.
"""
