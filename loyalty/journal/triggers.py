"""Database triggers that refuse to change what the journal says; see `loyalty/triggers.py`."""

from loyalty.journal.models import Change
from loyalty.triggers import Guard

guard = Guard("journal", never_changed=(Change._meta.db_table,))
