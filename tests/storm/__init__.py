"""What `python3 manage.py storm` does: thousands of operations over HTTP at once, while everything
that can be killed is killed; and then every answer is held against the books (promises L1, L4–L7,
L14).

    shop.py      a shop with fifty cards, counters, a reward, a drop, and points that run out
    site.py      the whole server group: two web workers and the night, killed together
    cluster.py   a PostgreSQL that flushes to disk, and is stopped in the middle
    asking.py    a request that is asked again, under its key, until it was answered
    wishes.py    what can be asked next, each by one post
    clients.py   sixteen clients, each with a seed of its own
    night.py     what happens by itself: points run out, who brought a friend is thanked
    books.py     what the database says happened, in the order in which it was committed
    model.py     the same shop in plain Python, which knows nothing of the product's code
    judging.py   lost, doubled, mismatched, refused with reason
    running.py   calm, storm, calm again; the report
    faults.py    two mistakes that must be noticed

The seed decides what each client wants; who comes first, the machine decides. So a seed repeats
the wishes and not the minute, and the judge never needs to know who should have been first.
"""
