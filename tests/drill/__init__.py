"""What `python3 manage.py drill` does: break things on purpose, on loopback, and look at the books.

The servers, the databases and the site are its own; nothing else on the machine is touched.
"""
