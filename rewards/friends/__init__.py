"""Bringing a friend (REF-01..09): a link or a code from hand to hand, never an address typed here.

models.py       what a shop gives for it, who came through whom, and what they got
operations.py   the tie at joining, what the friend's first purchase pays, and taking it back
doubts.py       who was a customer before; mailboxes.py knows one mailbox by many spellings
thanking.py     giving one side what it gets
merging.py      two cards of one person become one
words.py        the same in sentences; news/ below templates/rewards/friends is for the card
invitations.py  what stands behind a friend's code, and the page a member shares it from
owning.py       what an owner decides; previews.py shows it before
"""
