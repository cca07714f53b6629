"""PostgreSQL as Django speaks to it, but for one word: what a commit warns of is heard."""
