"""What a shop's programme tells a member: on the card for all, by e-mail for who wants it.

models.py       one row per message: what was told, to whom, and whether by mail
operations.py   tell, and take off what is not true any more
mailing.py      whether a message may go by mail, and when: never at night, news twice a week
wishes.py       a member chooses mail, and takes it back
links.py        the link in every mail that stops it
reading.py      the sentences, in the language of whoever reads

To tell something, write three templates with one prefix: `_card.txt` (one sentence), `_subject.txt`
and `_message.txt` (extends members/messages/mail/base_message.txt; its block is `content`). Each
gets your values and `shop`; the e-mail also `link`, the card's address. The base adds the rest.
"""
