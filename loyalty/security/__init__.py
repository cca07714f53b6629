"""More than a mailed code: the second factor, where somebody is signed in, and "is it still you?".

factors.py     who has a second factor, who must have one, and what becomes of a lost one
middleware.py  an owner of a running shop without one reaches no page of it
lately.py      what gives power to others asks for a sign-in of the last five minutes
proofs.py      what this browser has proved, and when
tries.py       a mailed code has three, also when they are sent all at once
events.py      sign-ins and refusals, a line each in the log
devices.py     the page "Sign-in and devices"
sessions.py    where somebody is signed in, in words
views.py       allauth's pages, where ours do more
adapter.py, forms.py   how allauth's second factor behaves and what it asks for
"""
