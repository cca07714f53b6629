"""What a shop's programme tells a member: on the card for all, by e-mail for who wants it.

models.py       one row per message: what was told, to whom, and whether by mail
operations.py   tell, keep quiet at night, stop by one tap
"""
