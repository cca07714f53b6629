"""The way to a card: the join page, the club rules, and back to a card one already has."""
