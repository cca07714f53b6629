"""What `python3 manage.py test` does: the linters, then the suites on SQLite and PostgreSQL."""
