"""What `python3 manage.py bench` does: measure a site of our own, served as the demo is, on data
made for the purpose and thrown away. Times are told, never judged: they belong to one machine and
one hour. What is judged is that every stamp was counted once and the books agree.
"""
