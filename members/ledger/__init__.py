"""The ledger: what every balance is made of.

An **Operation** is one thing somebody asked for once; its key makes a repeat harmless. It books
**LedgerEntries**, numbered without gaps within an **Account** (one membership in one programme).
What an earning left to spend is a **Lot**; an **Allocation** says which lots a debit ate.

Always true, and proved by `manage.py check_ledger`: an account's balance is the sum of its
entries and the sum of what its lots have left; it is never negative; entries, allocations and
operations are never changed or deleted (database triggers refuse). `posting.py` is the only
writer. Undo is a reversing entry: `reversing.py` decides which, and has it written. What could
not be taken back stands in `shortfall`, beside the balance, and is taken from the next earnings.
"""
